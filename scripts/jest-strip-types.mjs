// Jest transform: Node's own type stripping, so tests run the very source that ships (no second compiler).
import { stripTypeScriptTypes } from 'node:module';

export default {
  process: (source, file) => ({ code: stripTypeScriptTypes(source, { mode: 'strip', sourceUrl: file }) }),
};
