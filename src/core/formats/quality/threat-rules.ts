import type { Threat } from '../../model/threat-model.ts';
import type { QualityFinding } from '../quality.ts';
import { canSay, ownerOf, sayIn, type QualityContext } from './context.ts';

function finding(
  rule: QualityFinding['rule'],
  threat: Threat,
  message: string,
  remedy: string,
): QualityFinding {
  return { rule, message, remedy, location: threat.location, key: threat.key };
}

/** Threats that need no treatment of their own. */
function isSettled(threat: Threat): boolean {
  return ['not-applicable', 'avoided', 'transferred'].includes(threat.status.state);
}

/** TM002. Ratings of computed risks are in the tool's reports, not in the file. */
export function judgeRating(threat: Threat, context: QualityContext): readonly QualityFinding[] {
  const { level, likelihood, impact } = threat.severity;
  const rated = level !== 'unrated' || (likelihood !== undefined && impact !== undefined);
  if (rated || isSettled(threat) || threat.origin === 'tool-generated' || !canSay(context, 'severity'))
    return [];
  const missing =
    likelihood === undefined && impact === undefined
      ? 'a rating'
      : likelihood === undefined
        ? 'a likelihood'
        : 'an impact';
  return [
    finding(
      'TM002',
      threat,
      `The threat “${threat.name}” has no rating.`,
      `Give it ${missing}: critical, high, medium or low, or likelihood and impact.`,
    ),
  ];
}

/** TM003. Accepted risks are judged by TM008. */
export function judgeMitigation(threat: Threat, context: QualityContext): readonly QualityFinding[] {
  if (isSettled(threat) || threat.status.state === 'accepted' || !canSay(context, 'mitigation')) return [];
  if (threat.origin === 'tool-generated' && threat.status.state === 'unset') return [];
  const told = threat.mitigations.filter((one) => one.state !== 'rejected');
  if (told.length === 0)
    return [
      finding(
        'TM003',
        threat,
        `The threat “${threat.name}” has no mitigation.`,
        'Say what is done against it, or accept it with a reason, an owner and an expiry date.',
      ),
    ];
  const planned = told.every((one) => one.state === 'proposed' || one.state === 'in-progress');
  if (!planned) return [];
  const ticket = threat.tickets.length > 0 || told.some((one) => one.tickets.length > 0);
  const date = told.some((one) => one.due !== undefined);
  const missing = [...(ticket || !canSay(context, 'ticket') ? [] : ['ticket']), ...(date ? [] : ['date'])];
  if (missing.length === 0) return [];
  const lines = { ticket: '`Ticket: ABC-1`', date: '`Due: 2027-03-01`' };
  const wanted = missing.map((one) => (one === 'ticket' ? lines.ticket : lines.date)).join(' and ');
  return [
    finding(
      'TM003',
      threat,
      `The mitigation of “${threat.name}” is only planned and has no ${missing.join(' and no ')}.`,
      `Add ${wanted} to its text, or say that the mitigation is in place.`,
    ),
  ];
}

/** TM005. */
export function judgeOwner(threat: Threat, context: QualityContext): readonly QualityFinding[] {
  if (isSettled(threat) || ownerOf(threat, context) !== undefined || !canSay(context, 'owner')) return [];
  const remedy = sayIn(
    context,
    'owner',
    'Name an owner of the threat, of its component or of the whole model.',
    'Owner: @team',
  );
  return [
    finding(
      'TM005',
      threat,
      `Nobody owns the threat “${threat.name}”: neither it, nor what it is about, nor the model names an owner.`,
      remedy,
    ),
  ];
}

/** TM008. */
export function judgeAcceptance(threat: Threat, context: QualityContext): readonly QualityFinding[] {
  if (threat.status.state !== 'accepted') return [];
  const missing = [
    ...(threat.status.justification === undefined ? ['justification'] : []),
    ...(ownerOf(threat, context) === undefined && canSay(context, 'owner') ? ['owner'] : []),
    ...(threat.status.expires === undefined ? ['expiry date'] : []),
  ];
  if (missing.length === 0) return [];
  const lines = missing.map((one) => ACCEPTANCE_LINES[one] ?? '').join(', ');
  return [
    finding(
      'TM008',
      threat,
      `The risk “${threat.name}” is accepted without ${list(missing)}.`,
      `Add to its text: ${lines}.`,
    ),
  ];
}

const ACCEPTANCE_LINES: Readonly<Record<string, string>> = {
  justification: '`Justification: why it is tolerable`',
  owner: '`Owner: @person`',
  'expiry date': '`Expires: 2027-03-01`',
};

function list(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}
