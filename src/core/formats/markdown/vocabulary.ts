import { normaliseName } from '../reading/text.ts';

/** What a heading announces. `context` is anything else: a component, a chapter, a story. */
export type Topic =
  | 'threats'
  | 'components'
  | 'externals'
  | 'flows'
  | 'boundaries'
  | 'vendors'
  | 'assets'
  | 'assumptions'
  | 'mitigations'
  | 'aside'
  | 'context';

/** Tried in this order on the normalised heading without its numbering. */
const TOPICS: readonly (readonly [Topic, RegExp])[] = [
  // Attackers, sources of threats, statistics, glossaries, method: not the model itself.
  [
    'aside',
    /^(?:threat (?:actors?|agents?|sources?|landscape|intelligence|personas?)|advers\w+|attackers?\b|(?:key )?statistics|glossary|definitions?|references?|methodology|approach|how to|threat modell?ing (?:process|approach|method)|severity (?:scale|levels?|definitions?)|risk (?:matrix|scale|levels?|scoring|rating scale)|status (?:legend|definitions?)|legend|table of contents|contents|change ?log|revision|history|review(?:s|ers| process)?|template|bedrohungsquellen|angreifer|sources? de menaces|fuentes de amenaza|مصادر التهديد)/,
  ],
  [
    'assumptions',
    /\bassumptions?\b|^(?:annahmen|hypothèses|supuestos|suposiciones|premissas|assunzioni|допущения|предположения|الافتراضات|前提条件|假设|가정)/,
  ],
  [
    'boundaries',
    /\b(?:trust|security|privilege) (?:boundar\w+|zones?|levels?|domains?)\b|^boundar(?:y|ies)$|^trust zones?$|^(?:vertrauensgrenzen|frontières de confiance|límites de confianza|limites de confiança|confini di fiducia|границы доверия|حدود الثقة|信頼境界|信任边界|신뢰 경계)/,
  ],
  [
    'threats',
    /^(?!.*\bmodel\b)(?:(?:main|key|top|identified|potential|known|security|privacy|stride|linddun|detailed|specific|common|open|residual|primary) )*(?:threats?|vulnerabilit(?:y|ies)|attack (?:scenarios?|vectors?|surfaces?)|abuse cases?|misuse cases?|risks?)(?: (?:and|&) (?:mitigations?|controls?|countermeasures?|responses?))?(?: (?:analysis|assessment|catalogu?e?|list|register|enumeration|scenarios?|table|matrix|identification|identified|details?|overview|summary|log|inventory|by .{1,40}|per .{1,40}|for .{1,60}))*$|^stride(?: (?:analysis|threats?|table|matrix|assessment|per element|per component|model|threat model(?:ing)?|by .{1,40}|for .{1,60}))*$|^(?:threat|risk) (?:analysis|assessment|register|enumeration|catalogu?e?|scenarios?|identification|table|matrix|list|log|inventory|details?)\b|^(?:bedrohungen|bedrohungsanalyse|risiken|menaces|amenazas|ameaças|minacce|угрозы|التهديدات|脅威|威胁|威胁分析|위협)/,
  ],
  [
    'mitigations',
    /^(?:(?:key|main|existing|current|recommended|planned|security|implemented|required) )*(?:mitigations?|controls?|countermeasures?|safeguards|defen[cs]es)\b|^(?:gegenmaßnahmen|maßnahmen|atténuations|mitigaciones|mitigações|mitigazioni|меры|التخفيفات|対策|缓解措施|완화)/,
  ],
  [
    'vendors',
    /\b(?:external|third party|vendor|supplier|upstream) (?:dependenc(?:y|ies)|services?|systems?|providers?|integrations?|components?|librar(?:y|ies))\b|^(?:vendors?|suppliers?|third part(?:y|ies)|sub ?processors?|dependenc(?:y|ies)|saas(?: providers?)?|external dependencies and .{1,30})$|^(?:externe abhängigkeiten|dépendances externes|dependencias externas|dependências externas|外部依存|外部依赖)/,
  ],
  [
    'flows',
    /\bdata ?flows?\b|^(?:flows?|interactions?|communications?(?: links?)?|connections?|interfaces)$|^(?:datenflüsse|flux de données|flujos de datos|fluxos de dados|flussi di dati|потоки данных|تدفقات البيانات|データフロー|数据流|데이터 흐름)/,
  ],
  [
    'externals',
    /^(?:external (?:entit(?:y|ies)|actors?)|actors?|users?|user roles|roles|personas)(?: and .{1,30})?$/,
  ],
  [
    'components',
    /^(?:(?:system|key|main|core|architecture|architectural|software|application|infrastructure|major|dfd) )*(?:components?|elements|services|processes|data ?stores?|databases|servers|entities|modules|containers|subsystems|component families)(?: (?:list|inventory|overview|table|and .{1,40}))?$|^(?:komponenten|composants|componentes|componenti|entitäten|entités|entidades|компоненты|الكيانات|المكونات|コンポーネント|组件|구성 요소)/,
  ],
  [
    'assets',
    /^(?:(?:impacted|key|main|critical|protected|information|data|sensitive|valuable|business) )*(?:assets?|data(?: classification| inventory| types)?|information assets)(?: (?:list|inventory|register|to protect|and .{1,40}))?$|^what (?:are )?we protect\w*$|^(?:schutzgüter|actifs|activos|ativos|الأصول|資産|资产|자산)/,
  ],
];

/** Numbering and decoration before the words of a heading: `3.1`, `§5a`, `B1 —`, `C001:`, emoji. */
export function stripNumbering(heading: string): string {
  return heading
    .replace(/^[^\p{L}\p{N}]*(?:(?:§\s?)?\d+(?:\.\d+)*[a-z]?[.):]?\s+)?/u, '')
    .replace(/\s*:$/, '');
}

export function topicOf(heading: string): Topic {
  const words = normaliseName(stripNumbering(heading).replace(/\([^)]{0,60}\)/g, ''));
  return TOPICS.find(([, pattern]) => pattern.test(words))?.[0] ?? 'context';
}

/** An id in front of a title: `T1: x`, `T-R1 x`, `Threat-07-I - x`, `Threat ID 3 - x`, `**ENF-1** x`. */
export function splitId(title: string): { readonly id?: string; readonly rest: string } {
  const text = title.replace(/^[\s*_`[\]#]+/, '').replace(/^\d+(?:\.\d+)*[.)]\s+/, '');
  const match =
    /^(?:(?:threat|risk|attack|asset|flow|boundary|component|assumption)\s+)?(?:id\s+)?((?:[\p{L}]{1,12}(?:[-_.][\p{L}]{1,4})?[-_. ]?)?\d{1,5}(?:[-_.]?[\p{L}\d]{1,3})?)[*`\]]*(?:\s*:\s*(?!\d|\/\/)|[.)]\s+|\s[-–—]\s+|[–—]\s*)(.*)$/iu.exec(
      text,
    );
  const id = match?.[1]?.replace(/\s+/g, ' ');
  const rest = match?.[2]?.trim();
  if (id !== undefined && rest) return { id, rest };
  const padded = /^([A-Z]{1,4}-?0\d{1,3}[a-z]?)\s+(\S.*)$/.exec(text);
  return padded?.[1] && padded[2] ? { id: padded[1], rest: padded[2].trim() } : { rest: text.trim() };
}

/** Whether a cell or heading is an id and nothing else: `T1`, `#3`, `ENF-2`, `12`, `DF4`. */
export function isBareId(text: string): boolean {
  return /^#?(?:[A-Z]{1,4}|(?:[\p{L}]{1,8}-){1,3})?\d{1,5}[a-z]?$/u.test(
    text.replace(/[*_`[\]]/g, '').trim(),
  );
}

/** Placeholder text of a template: `<threat>`, `[Describe …]`, `{{X}}`, `${X}`, `…`, `e.g. …`, `Example: …`. */
export function isPlaceholder(text: string): boolean {
  const words = text.replace(/[*_`]/g, '').trim();
  return /^(?:<[^<>]*>|\[[^\]]*\]|\{\{[^}]*\}\}|\$\{[^}]*\}|\.{2,}|…|x{3,}|e\.g\.?,? .*|example\s*[:\d].*|(?:describe|insert|enter|add|your) .{0,60}(?:here|\.\.\.|…)|tbd|todo)$/i.test(
    words,
  );
}
