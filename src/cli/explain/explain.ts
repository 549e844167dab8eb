import { QUESTIONS } from '../../core/catalogue/catalogue.generated.ts';
import { familyById } from '../../core/catalogue/questions.ts';
import type { Rule } from '../../core/detectors/detector.ts';
import { QUALITY } from '../../core/formats/quality.ts';
import type { DoubtCode } from '../../core/model/doubt.ts';
import { QUALITY_RULES } from '../../core/model/policy.ts';
import type { Question } from '../../core/model/question.ts';
import { DOUBT_TEXTS } from '../../core/explain/doubt-texts.ts';
import { terminal } from '../../core/report/escape.ts';
import { FACT_RULES } from '../../core/explain/rules.ts';
import { paint, prose, wrap, type Terminal } from '../../core/report/text.ts';
import { EXIT, UsageError, type Arguments, type Io } from '../command.ts';
import { suggestions } from '../nearest.ts';

/** One thing that can be explained. */
interface Topic {
  readonly id: string;
  readonly title: string;
  readonly group: (typeof GROUPS)[number];
  readonly text: () => readonly (readonly [heading: string, body: string])[];
}

const GROUPS = ['Fact rules', 'Model rules', 'Questions', 'Doubts'] as const;

/** The command: one topic, or the list of all. */
export function explain({ positionals }: Arguments, io: Io): Promise<number> {
  const [id] = positionals;
  const all = topics();
  if (id === undefined) {
    io.out(listOf(all, io));
    return Promise.resolve(EXIT.pass);
  }
  const wanted = id.toLowerCase();
  const topic =
    all.find((t) => t.id.toLowerCase() === wanted) ??
    all.find((t) => t.id.toLowerCase() === `doubt.${wanted}`);
  if (!topic) throw unknown(id, all);
  io.out(pageOf(topic, io));
  return Promise.resolve(EXIT.pass);
}

function unknown(id: string, all: readonly Topic[]): UsageError {
  const like = suggestions(
    id,
    all.map((t) => t.id),
  );
  return new UsageError(
    `There is nothing called ${JSON.stringify(id)} to explain.${like.length > 0 ? ` Did you mean ${like.join(', ')}?` : ''} Without an ID, \`threatgate explain\` lists all.`,
  );
}

function topics(): readonly Topic[] {
  return [
    ...[...FACT_RULES.values()].sort((a, b) => (a.id < b.id ? -1 : 1)).map(ofRule),
    ...QUALITY_RULES.map(ofQuality),
    ...[...QUESTIONS].sort((a, b) => (a.id < b.id ? -1 : 1)).map(ofQuestion),
    ...(Object.keys(DOUBT_TEXTS) as DoubtCode[]).sort().map(ofDoubt),
  ];
}

function ofRule(rule: Rule): Topic {
  return {
    id: rule.id,
    title: rule.title,
    group: 'Fact rules',
    text: () => [
      ['Why it matters', rule.why],
      ['Categories', rule.categories.join(', ')],
      [
        'What to do',
        'Describe it in the threat model, in the same pull request: the element it concerns, with a line `Resource: <address>`. Then answer the questions it raises. An address that never matters here goes under `except` in the policy, with the reason.',
      ],
    ],
  };
}

function ofQuality(id: (typeof QUALITY_RULES)[number]): Topic {
  const { title, why } = QUALITY[id];
  return {
    id,
    title,
    group: 'Model rules',
    text: () => [
      ['Why it matters', why],
      [
        'What to do',
        `Mend the model element that the finding names. How severe the rule is, is set under \`quality.${id}\` in the policy: error, warning or off. Only elements that a change adds, alters or leans on are judged.`,
      ],
    ],
  };
}

const STRIDE = {
  S: 'Spoofing',
  T: 'Tampering',
  R: 'Repudiation',
  I: 'Information disclosure',
  D: 'Denial of service',
  E: 'Elevation of privilege',
} as const;

function ofQuestion(question: Question): Topic {
  const references = Object.entries(question.references).flatMap(([list, ids]) =>
    ids.length > 0 ? [`${list} ${ids.join(', ')}`] : [],
  );
  return {
    id: question.id,
    title: question.ask,
    group: 'Questions',
    text: () => [
      [
        'Asked about',
        `${familyById(question.family)?.title ?? question.family}: ${STRIDE[question.stride]}, severity ${question.severity}`,
      ],
      ['Asked when', question.when.join(', ')],
      ['Why it matters', question.why],
      ['What shows it', question.evidence],
      ...(references.length > 0 ? [['References', references.join('; ')] as const] : []),
      [
        'What to do',
        'Answer it in the review, or in the threat model. A question that never fits here goes under `questions.exclude` in the policy.',
      ],
    ],
  };
}

function ofDoubt(code: DoubtCode): Topic {
  const { title, why, remedy } = DOUBT_TEXTS[code];
  return {
    id: `doubt.${code}`,
    title,
    group: 'Doubts',
    text: () => [
      ['Why it withholds a pass', why],
      ['What to do', remedy],
    ],
  };
}

function pageOf(topic: Topic, t: Terminal): string {
  const blocks = topic
    .text()
    .map(([heading, body]) => [paint(t, 'bold', heading), ...wrap(t, prose(body, t), '  ')]);
  const head = wrap(t, terminal(topic.title), `${paint(t, 'cyan', topic.id)}  `);
  return `${[head, ...blocks].map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function listOf(all: readonly Topic[], t: Terminal): string {
  const blocks = GROUPS.map((group) => {
    const own = all.filter((topic) => topic.group === group);
    const left = Math.max(0, ...own.map((topic) => topic.id.length));
    return [
      paint(t, 'bold', group),
      ...own.flatMap((topic) => wrap(t, terminal(topic.title), `  ${topic.id.padEnd(left)}  `)),
    ];
  });
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
