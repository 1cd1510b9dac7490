/** A refusal the client is told about, with the AMQP condition it maps to its own error code. */
export class BrokerError extends Error {
  readonly condition: string;

  constructor(condition: string, description: string) {
    super(description);
    this.name = 'BrokerError';
    this.condition = condition;
  }
}
