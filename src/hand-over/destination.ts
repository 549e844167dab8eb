import type { Accepted, Outgoing } from './outgoing.ts';
import type { Planned } from './request.ts';

/** What is known of a package when it is handed over. */
export interface Handed {
  readonly period: { readonly from: string; readonly to: string };
  /** Name of the package. */
  readonly digest: string;
  /** Its files that are handed over. */
  readonly files: readonly Outgoing[];
  /** What only this destination asks for, by the names of its options. */
  readonly options: Readonly<Record<string, string>>;
  /** Without a slash at its end. */
  readonly url: string;
  /** Instant of the handing over. */
  readonly now: string;
}

/** One file on its way: what to ask first, so that it is not sent twice, and what to send. */
export interface Delivery {
  readonly file: Outgoing;
  readonly ask: Planned;
  /** Whether the answer says that it is there already. */
  readonly isThere: (answer: unknown) => boolean;
  /** In order. `answers`: what the ones before it were answered with. */
  readonly send: readonly ((answers: readonly unknown[]) => Planned)[];
}

export interface Destination {
  readonly name: string;
  readonly title: string;
  readonly accepts: Accepted;
  /** Variable that the token is read from, and how it is sent. */
  readonly token: { readonly variable: string; readonly scheme: 'Bearer' | 'Token' };
  /** Undefined: it has to be named. */
  readonly url: string | undefined;
  /** Options that have to be given, and others. */
  readonly required: readonly string[];
  readonly optional: readonly string[];
  readonly deliveries: (handed: Handed) => readonly Delivery[];
  /** After all files, if any was new. */
  readonly finish?: (handed: Handed) => Planned;
}

/** How a file is known over there: by what is in it. */
export const markOf = ({ sha256 }: Outgoing): string => `sha256:${sha256}`;

export const days = ({ period }: Handed): string =>
  `${period.from.slice(0, 10)} to ${period.to.slice(0, 10)}`;

/** A list inside an answer, wherever the service puts it. */
export function listIn(
  answer: unknown,
  ...path: readonly string[]
): readonly Readonly<Record<string, unknown>>[] {
  let value = answer;
  for (const key of path)
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  return Array.isArray(value)
    ? value.filter((each): each is Record<string, unknown> => typeof each === 'object' && each !== null)
    : [];
}
