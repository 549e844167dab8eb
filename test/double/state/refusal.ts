/** GitHub says no: what the REST API answers, and what the people of `control` get thrown. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly errors: readonly unknown[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    more: { errors?: readonly unknown[]; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.status = status;
    this.errors = more.errors;
    this.headers = more.headers ?? {};
  }
}

export const notFound = (): Refusal => new Refusal(404, 'Not Found');

export const notAccessible = (): Refusal => new Refusal(403, 'Resource not accessible by integration');

/** 422 as GitHub words it, with what was wrong as text or as GitHub's error objects. */
export const invalid = (errors: readonly unknown[], message = 'Validation Failed'): Refusal =>
  new Refusal(422, message, { errors });
