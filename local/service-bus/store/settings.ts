/** How one queue or subscription behaves. All durations are in milliseconds. */
export interface QueueSettings {
  /** How long a receiver keeps a message, or a session, without renewing it. Default 30 000. */
  lockDuration?: number;
  /** Deliveries after which a message is dead-lettered instead of offered again. Default 10. */
  maxDeliveryCount?: number;
  /** How long a message id is remembered; 0 turns duplicate detection off. Default 0. */
  duplicateDetectionWindow?: number;
  /** Messages carry a session id and are received session by session. Default false. */
  requiresSession?: boolean;
  /** Upper bound on every message's time to live. Default: none. */
  defaultTtl?: number;
  /** A message that outlives its time to live is dead-lettered rather than dropped. Default false. */
  deadLetterOnExpiration?: boolean;
}

export const DEFAULT_SETTINGS: Readonly<Required<QueueSettings>> = {
  lockDuration: 30_000,
  maxDeliveryCount: 10,
  duplicateDetectionWindow: 0,
  requiresSession: false,
  defaultTtl: Number.POSITIVE_INFINITY,
  deadLetterOnExpiration: false,
};
