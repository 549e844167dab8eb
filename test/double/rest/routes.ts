import type { Route } from '../http/call.ts';
import { APP_ROUTES } from './apps.ts';
import { CHECK_ROUTES } from './checks.ts';
import { COMMENT_ROUTES } from './comments.ts';
import { DELIVERY_ROUTES } from './deliveries.ts';
import { GIT_ROUTES } from './git-data.ts';
import { GOVERNANCE_ROUTES } from './governance.ts';
import { ISSUE_ROUTES } from './issues.ts';
import { PULL_ROUTES } from './pulls.ts';
import { REVIEW_ROUTES } from './reviews.ts';
import { USER_ROUTES } from './users.ts';
import { WORKFLOW_ROUTES } from './workflows.ts';

/** Everything the double answers over REST, first match first. */
export const ROUTES: readonly Route[] = [
  ...APP_ROUTES,
  ...USER_ROUTES,
  ...DELIVERY_ROUTES,
  ...CHECK_ROUTES,
  ...WORKFLOW_ROUTES,
  ...PULL_ROUTES,
  ...REVIEW_ROUTES,
  ...ISSUE_ROUTES,
  ...COMMENT_ROUTES,
  ...GOVERNANCE_ROUTES,
  ...GIT_ROUTES,
];
