import { createCheckRun, rerequestRun, updateCheckRun, type CheckInput } from '../actions/checks.ts';
import { latestRuns } from '../actions/rules.ts';
import {
  created,
  inRepository,
  ok,
  page,
  type Answer,
  type RepositoryCall,
  type Route,
} from '../http/call.ts';
import { annotationShapes, checkRunShape, checkSuiteShape } from '../shapes/check.ts';
import { allAsOf } from '../state/time.ts';
import { appOf, checkRunIn, commitIn, writer } from './lookup.ts';

function create(call: RepositoryCall): Answer {
  const run = createCheckRun(call.world, call.repository, appOf(call), call.body as CheckInput);
  return created(checkRunShape(call.world, run));
}

function update(call: RepositoryCall): Answer {
  const { live } = checkRunIn(call);
  updateCheckRun(call.world, live, appOf(call), call.body as CheckInput);
  return ok(checkRunShape(call.world, live));
}

/** Newest first; `latest`, the default, has one run for each name in each suite. */
function listForRef(call: RepositoryCall): Answer {
  const { check_name: name, app_id: app, status, filter = 'latest' } = call.query;
  const sha = commitIn(call, call.params['ref'] ?? '');
  const all = allAsOf(call.world.checkRunsOf(call.repository, sha), call.at);
  const chosen = (filter === 'all' ? all.sort((a, b) => b.id - a.id) : latestRuns(all))
    .filter((run) => name === undefined || run.name === name)
    .filter((run) => app === undefined || run.suite.app.id === Number(app))
    .filter((run) => status === undefined || run.status === status);
  return page(
    call,
    chosen,
    (run) => checkRunShape(call.world, run),
    (items) => ({ total_count: chosen.length, check_runs: items }),
  );
}

function suitesForRef(call: RepositoryCall): Answer {
  const { app_id: app, check_name: name } = call.query;
  const sha = commitIn(call, call.params['ref'] ?? '');
  const suites = call.world
    .suitesOf(call.repository, sha)
    .filter((suite) => app === undefined || suite.app.id === Number(app))
    .filter(
      (suite) =>
        name === undefined ||
        call.world.checkRunsOf(call.repository, sha).some((run) => run.suite === suite && run.name === name),
    );
  return page(
    call,
    suites,
    (suite) => checkSuiteShape(call.world, suite),
    (items) => ({ total_count: suites.length, check_suites: items }),
  );
}

function rerequest(call: RepositoryCall): Answer {
  rerequestRun(call.world, checkRunIn(call).live, writer(call));
  return created({});
}

const READ = ['checks', 'read'] as const;
const WRITE = ['checks', 'write'] as const;

export const CHECK_ROUTES: readonly Route[] = [
  inRepository('POST', '/check-runs', WRITE, create),
  inRepository('GET', '/check-runs/{check_run_id}', READ, (call) =>
    ok(checkRunShape(call.world, checkRunIn(call).then)),
  ),
  inRepository('PATCH', '/check-runs/{check_run_id}', WRITE, update),
  inRepository('GET', '/check-runs/{check_run_id}/annotations', READ, (call) =>
    page(call, annotationShapes(call.world, checkRunIn(call).then), (each) => each),
  ),
  inRepository('POST', '/check-runs/{check_run_id}/rerequest', WRITE, rerequest),
  inRepository('GET', '/commits/{ref}/check-runs', READ, listForRef),
  inRepository('GET', '/commits/{ref}/check-suites', READ, suitesForRef),
];
