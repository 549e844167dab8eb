/**
 * Two audiences, two error types. A `UserError` is written for the person who ran the command or opened the pull
 * request: what happened, why, what to do. Everything else that is thrown is ours: logged and reported as a bug.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly remedy: string;
  constructor(message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.remedy = remedy;
  }
}
