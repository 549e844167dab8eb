import { join } from 'node:path';
import { temporaryFolder } from '../local/temporary-repository.ts';
import { alter } from './alter.ts';
import { describeView } from './conformance.ts';

describeView(
  {
    name: 'sqlite',
    createPlace: () => Promise.resolve({ file: join(temporaryFolder(), 'threatgate.sqlite') }),
    tamper: (place, ...statements) => {
      if ('file' in place) alter(place.file, ...statements);
      return Promise.resolve();
    },
  },
  12,
);
