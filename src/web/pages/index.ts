import type { PageRoute } from '../context.ts';
import { CONFIGURATION } from './configuration.ts';
import { CONTROLS } from './controls.ts';
import { DOCUMENT_PAGE } from './document.ts';
import { EXCEPTIONS } from './exceptions.ts';
import { EXPORTS } from './export.ts';
import { MODELS } from './models.ts';
import { OVERVIEW } from './overview.ts';
import { POPULATION } from './population.ts';
import { PULL_REQUEST_PAGE } from './pull-request.ts';
import { PUSH_PAGE } from './push.ts';
import { RECORD_PAGE } from './record.ts';
import { RECORDS } from './records.ts';
import { REGISTER } from './register.ts';
import { REPOSITORIES } from './repositories.ts';
import { REPOSITORY_PAGE } from './repository.ts';

/** Every page, in the order in which addresses are tried: names that are ours before `/:owner/:name`. */
export const PAGES: readonly PageRoute[] = [
  OVERVIEW,
  REPOSITORIES,
  ...POPULATION,
  ...RECORDS,
  ...EXCEPTIONS,
  ...REGISTER,
  ...MODELS,
  ...CONFIGURATION,
  ...CONTROLS,
  ...EXPORTS,
  DOCUMENT_PAGE,
  PULL_REQUEST_PAGE,
  PUSH_PAGE,
  RECORD_PAGE,
  REPOSITORY_PAGE,
];
