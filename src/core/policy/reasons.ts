const PLACEHOLDERS = /^(n\/?a|none|todo|tbd|tba|fixme|xxx|reason|because|-+|\.+|\?+)$/i;

/** Whether a text says in a few words why: whoever meets it in a year has nothing else to go by. */
export function isReason(text: string): boolean {
  const said = text.trim();
  return said.length >= 8 && !PLACEHOLDERS.test(said) && (said.match(/[\p{L}\p{N}]/gu)?.length ?? 0) >= 5;
}
