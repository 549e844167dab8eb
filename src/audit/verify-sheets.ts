import { Broken } from './broken.ts';
import { hintOf, isOurs, type Manifest } from './package.ts';
import type { Sheet } from './sheet.ts';
import { checkDigest, reading } from './stated-file.ts';
import type { Findings } from './verification.ts';

/** Each table is made anew, and compared row by row. */
export async function checkSheets(
  folder: string,
  manifest: Manifest,
  sheets: readonly Sheet[],
  findings: Findings,
): Promise<void> {
  const comparable = (sheet: Sheet): boolean => isOurs(manifest) || !sheet.ofVersion;
  const there = sheets.filter(({ name }) => manifest.files.some((file) => file.name === name));
  let rows = 0;
  for (const sheet of there.filter(comparable)) {
    await checkSheet(folder, manifest, sheet);
    rows += sheet.rows;
  }
  findings.saw('rows of tables, each made anew', rows);
  const others = there.filter((sheet) => !comparable(sheet));
  for (const { name } of others) await checkDigest(folder, name, manifest);
  if (others.length > 0)
    findings.saw(`files that only version ${manifest.tool.version} can make anew, by digest`, others.length);
}

function checkSheet(folder: string, manifest: Manifest, sheet: Sheet): Promise<void> {
  const { name, end, differs } = sheet;
  const expected = sheet.lines()[Symbol.iterator]();
  return reading(folder, name, manifest, async (file) => {
    const comparable = (): ((line: string) => string) =>
      isOurs(manifest) ? (line) => line : sheet.essence();
    const [theirs, ours] = [comparable(), comparable()];
    let last = 0;
    for await (const { line, text } of file.lines()) {
      const next = expected.next();
      const place = { file: name, line };
      if (end === '\r\n' && !text.endsWith('\r')) throw new Broken(place, 'Its line end is not CR LF.');
      if (next.done === true) throw new Broken(place, 'Nothing in the records stands behind this row.');
      const found = end === '\r\n' ? text.slice(0, -1) : text;
      if (theirs(found) !== ours(next.value))
        throw new Broken(place, `${differs(found, next.value)}${hintOf(manifest)}`);
      last = line;
    }
    if (expected.next().done !== true) throw new Broken({ file: name, line: last + 1 }, 'Rows are missing.');
  });
}
