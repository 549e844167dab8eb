/** A person as git knows them. */
export interface Signature {
  readonly name: string;
  readonly email: string;
  /** Milliseconds. */
  readonly at: number;
}

export interface CommitObject {
  readonly oid: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

export function parseCommit(oid: string, text: string): CommitObject {
  const end = text.indexOf('\n\n');
  const headers = text.slice(0, end).split('\n');
  const all = (name: string) =>
    headers.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  return {
    oid,
    tree: all('tree')[0] ?? '',
    parents: all('parent'),
    author: parseSignature(all('author')[0] ?? ''),
    committer: parseSignature(all('committer')[0] ?? ''),
    message: text.slice(end + 2).replace(/\n$/, ''),
  };
}

function parseSignature(text: string): Signature {
  const [, name = '', email = '', seconds = '0'] = /^(.*?) ?<(.*)> (\d+) [+-]\d{4}$/.exec(text) ?? [];
  return { name, email, at: Number(seconds) * 1000 };
}

/** The people named as co-authors in a message's trailers. */
export function coAuthors(message: string): readonly Pick<Signature, 'name' | 'email'>[] {
  return [...message.matchAll(/^Co-authored-by: *(.*?) *<([^>]*)> *$/gim)].map(
    ([, name = '', email = '']) => ({
      name,
      email,
    }),
  );
}
