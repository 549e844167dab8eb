import { questionById } from '../../catalogue/questions.ts';
import type { EmergencyException } from '../exceptions.ts';
import type { AcceptedRisk, RegisterEntry } from '../register.ts';
import type { ReviewEntry } from '../reviews.ts';
import { identifier, placeOf, type Assessed, type Identify } from './assessed.ts';
import { backMatter, component, metadata, originOf, origins } from './frame.ts';
import { NAMESPACE, props, prose, stamp, stampOf, type JsonObject } from './wording.ts';

/** An item of the plan with the risk behind it. */
interface Item {
  readonly item: JsonObject;
  readonly risk: JsonObject;
}

/**
 * What is open as of the instant: reviews that are due, accepted risks, and tickets that something rests on.
 * Where nothing is, it says so: a plan without any item is none by the schema.
 */
export function poam(assessed: Assessed): JsonObject {
  const id = identifier(assessed);
  const { exceptions, register, reviews } = assessed;
  const merged = (entry: RegisterEntry): boolean => entry.state === 'merged';
  const items = [
    ...exceptions.emergencies
      .filter((e) => e.letThrough && isOpen(e.reviewState))
      .map((e) => reviewItem(e, id)),
    // Those of emergencies are the ones above.
    ...reviews.filter((r) => r.cause !== 'emergency' && isOpen(r.state)).map((r) => openedItem(r, id)),
    ...register.accepted.filter(merged).map((a) => acceptedItem(a, id)),
    ...register.tickets
      .filter((t) => merged(t) && t.ticket?.state !== 'closed')
      .map((t) => ticketItem(t, id)),
  ];
  return {
    'plan-of-action-and-milestones': {
      uuid: id('poam'),
      metadata: metadata('What is open: reviews, accepted risks, tickets', assessed, id),
      'system-id': { 'identifier-type': 'http://ietf.org/rfc/rfc4122', id: id('system') },
      'local-definitions': { components: [component(assessed, id)] },
      // A list without entries is none, either.
      ...(items.length === 0 ? {} : { risks: items.map(({ risk }) => risk) }),
      'poam-items': items.length === 0 ? [nothingOpen(assessed, id)] : items.map(({ item }) => item),
      'back-matter': backMatter(assessed, id),
    },
  };
}

const nothingOpen = ({ at }: Assessed, id: Identify): JsonObject => ({
  uuid: id('item', 'nothing'),
  title: 'Nothing was open',
  description: `No review of an emergency was due, no risk accepted and no ticket named as of ${stamp(at, at)}.`,
  ...props({ kind: 'nothing-open' }),
  origins: origins(id),
});

const isOpen = (state: ReviewEntry['state']): boolean => state !== 'done' && state !== 'done-late';

function withItem(risk: JsonObject, key: readonly (string | number)[], id: Identify): Item {
  const { uuid, title, description } = risk;
  return {
    risk,
    item: {
      uuid: id('item', ...key),
      title,
      description,
      origins: origins(id),
      'related-risks': [{ 'risk-uuid': uuid }],
    },
  };
}

const deadline = (at: string | undefined): { readonly deadline?: string } => {
  const stamped = stampOf(at);
  return stamped === undefined ? {} : { deadline: stamped };
};

function reviewItem(e: EmergencyException, id: Identify): Item {
  const key = ['review', ...placeOf(e)];
  const risk = {
    uuid: id('risk', ...key),
    title: `Review of an emergency: ${prose(e.change)}`,
    description: prose(e.reason),
    statement:
      'The change was let through before it was reviewed; somebody independent has to do it afterwards.',
    ...props({
      state: e.reviewState,
      incident: e.incident,
      'repository-id': e.repository.id,
      record: e.record,
    }),
    status: 'open',
    origins: origins(id),
    ...deadline(e.reviewDue),
  };
  return withItem(risk, key, id);
}

function openedItem(r: ReviewEntry, id: Identify): Item {
  const key = ['opened', ...placeOf(r)];
  const risk = {
    uuid: id('risk', ...key),
    title: `Review: ${prose(r.subject)}`,
    description: prose(r.components.length === 0 ? r.subject : r.components.join(', ')),
    statement: 'What stands has to be looked at again, by somebody who had no part in it.',
    ...props({
      state: r.state,
      cause: r.cause,
      owner: r.owner,
      incident: r.incident,
      issue: r.issue,
      'repository-id': r.repository.id,
      record: r.record,
    }),
    status: 'open',
    origins: origins(id),
    ...deadline(r.due),
  };
  return withItem(risk, key, id);
}

function acceptedItem(a: AcceptedRisk, id: Identify): Item {
  const key = ['accepted', ...placeOf(a)];
  const risk = {
    ...answerRisk(a, key, `Accepted: ${prose(a.address)}`, id),
    // Nobody has approved what has run out.
    status: a.validity === 'expired' ? 'open' : 'deviation-approved',
    characterizations: [{ origin: originOf(id), facets: facetsOf(a) }],
    ...deadline(a.expires),
    remediations: [
      {
        uuid: id('remediation', ...key),
        lifecycle: 'completed',
        title: 'Accepted',
        description: prose(a.text),
        props: [{ name: 'type', value: 'accept' }],
      },
    ],
  };
  return withItem(risk, key, id);
}

/** Of the question, how severe it is before anything is done, by our catalogue; of the acceptance, whether it still stands. */
function facetsOf({ question, validity }: AcceptedRisk): readonly JsonObject[] {
  const severity = questionById(question)?.severity;
  return [
    ...(severity === undefined ? [] : [{ name: 'inherent-severity', system: NAMESPACE, value: severity }]),
    { name: 'validity', system: NAMESPACE, value: validity },
  ];
}

function ticketItem(t: RegisterEntry, id: Identify): Item {
  const key = ['ticket', ...placeOf(t)];
  const risk = {
    ...answerRisk(t, key, `To be done: ${prose(t.address)}`, id),
    status: 'remediating',
    remediations: [
      { uuid: id('remediation', ...key), lifecycle: 'planned', title: 'Ticket', description: prose(t.text) },
    ],
  };
  return withItem(risk, key, id);
}

function answerRisk(
  entry: RegisterEntry & Partial<Pick<AcceptedRisk, 'owner' | 'validity'>>,
  key: readonly (string | number)[],
  title: string,
  id: Identify,
): JsonObject {
  const question = questionById(entry.question);
  return {
    uuid: id('risk', ...key),
    title,
    description: prose(question?.ask ?? entry.question),
    statement: prose(question?.why ?? entry.text),
    ...props({
      question: entry.question,
      address: entry.address,
      owner: entry.owner,
      validity: entry.validity,
      'ticket-state': entry.ticket?.state,
      'ticket-url': entry.ticket?.url,
      'repository-id': entry.repository.id,
      record: entry.record,
    }),
    origins: origins(id),
  };
}
