/** A limit was reached: nothing is wrong, it only has to wait. */
export class RateLimited extends Error {
  override readonly name = 'RateLimited';
  /** ISO 8601; by our clock. */
  readonly until: string;
  constructor(message: string, until: string) {
    super(message);
    this.until = until;
  }
}

/** No answer, or the answer that something is broken there. A write may have been carried out all the same. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

/** 404: not there, or not visible to us. */
export class NotThere extends Error {
  override readonly name = 'NotThere';
}

/** 401, 403: a permission is missing, or the installation is suspended or gone. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** Too early to tell, and nothing is wrong: look again at `until`. */
export class Later extends Error {
  override readonly name = 'Later';
  readonly until: string;
  constructor(message: string, until: string) {
    super(message);
    this.until = until;
  }
}

/** 422: GitHub does not accept what was sent. */
export class Rejected extends Error {
  override readonly name = 'Rejected';
}
