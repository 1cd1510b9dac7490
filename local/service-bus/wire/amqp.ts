import rhea, { type AmqpError, type Delivery, type EventContext, type Message, type Receiver, type Sender } from 'rhea';

// The one place that reaches behind rhea's declared types: into parts it exports but does not declare, and into the
// state of a link where no method does what a Service Bus link does.

interface Outcome {
  described(): unknown;
}

interface UndeclaredCodec {
  accepted(): Outcome;
  rejected(fields: { error: AmqpError }): Outcome;
}

interface LinkState {
  readonly state: { local_open: boolean; open_requests: number };
  readonly local: { readonly attach: Record<string, unknown> };
}

interface SenderState extends LinkState {
  readonly session: Sender['session'] & { readonly outgoing: { available(): number } };
  readonly _draining: boolean;
  delivery_count: number;
  credit: number;
  issue_flow: boolean;
  _get_drain(): boolean;
}

export type Link = Sender | Receiver;
/** A message as rhea hands it over: sections flattened into one object. */
export type AmqpMessage = Omit<Message, 'body'> & { body?: unknown };

export interface SenderEvent extends EventContext {
  readonly sender: Sender;
}
export interface ReceiverEvent extends EventContext {
  readonly receiver: Receiver;
}
export interface OutcomeEvent extends SenderEvent {
  readonly delivery: Delivery;
}
export interface MessageEvent extends Omit<ReceiverEvent, 'message'> {
  readonly delivery: Delivery;
  /** Undecoded, a Buffer, when the transfer's format is not plain AMQP. */
  readonly message: AmqpMessage | Buffer;
}
/** A message event whose message is decoded. */
export interface RequestEvent extends MessageEvent {
  readonly message: AmqpMessage;
}

export const types = rhea.types;
export const createContainer = rhea.create_container;
const codec = rhea.message as typeof rhea.message & UndeclaredCodec;

export function decode(bytes: Buffer): AmqpMessage {
  return codec.decode(bytes) as AmqpMessage;
}

export function encode(message: AmqpMessage): Buffer {
  return codec.encode(message);
}

/** Answers an attach with the termini the client asked for, as the service does. */
export function mirrorTermini(link: Link): void {
  link.set_source(link.source);
  link.set_target(link.target);
}

/** Sets fields of the attach frame we answer with; must happen before the answer leaves. */
export function announce(link: Link, fields: Record<string, unknown>): void {
  Object.assign(inside(link).local.attach, fields);
}

/** Takes back the answer to an attach, which rhea has already queued when it tells us. `link.open()` sends it. */
export function holdAttach(link: Link): void {
  const { state } = inside(link);
  state.local_open = false;
  state.open_requests = 0;
}

/** Deliveries the client allows on this link, counted from its start. */
export function creditLimit(sender: Sender): number {
  const { delivery_count, credit } = insideSender(sender);
  return delivery_count + credit;
}

/** rhea throws when its buffer of unsettled deliveries overflows. */
export function hasRoom(sender: Sender): boolean {
  return insideSender(sender).session.outgoing.available() > 1;
}

/** Makes rhea confirm a drain even at zero credit; it would stay silent and the client would wait for ever. */
export function confirmEveryDrain(sender: Sender): void {
  const inner = insideSender(sender);
  inner._get_drain = () => {
    if (!inner._draining) return false;
    inner.delivery_count += inner.credit;
    inner.credit = 0;
    return true;
  };
}

export function confirmDrain(sender: Sender): void {
  sender.set_drained(true);
  insideSender(sender).issue_flow = true;
}

/** Settles a delivery to a client. @param error tells the client why its own settlement was refused */
export function settle(delivery: Delivery, error?: AmqpError): void {
  delivery.update(true, (error ? codec.rejected({ error }) : codec.accepted()).described());
  // The client never settles a second time, and until it does rhea would keep one of its 2,048 slots occupied.
  Object.assign(delivery, { remote_settled: true });
}

function inside(link: Link): LinkState {
  return link as Link & LinkState;
}

function insideSender(sender: Sender): SenderState {
  return sender as Sender & SenderState;
}
