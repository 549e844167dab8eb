import type { Inline, MarkdownTable } from '../../syntax/markdown-blocks.ts';
import { normaliseName } from '../reading/text.ts';

/** What a column or a labelled field holds. */
export type Role =
  | 'id'
  | 'title'
  | 'name'
  | 'description'
  | 'component'
  | 'stride'
  | 'category'
  | 'severity'
  | 'likelihood'
  | 'impact'
  | 'mitigation'
  | 'recommendation'
  | 'status'
  | 'residual'
  | 'owner'
  | 'ticket'
  | 'due'
  | 'expires'
  | 'justification'
  | 'source'
  | 'target'
  | 'protocol'
  | 'encrypted'
  | 'data'
  | 'boundary'
  | 'flow'
  | 'vendor'
  | 'asset'
  | 'assumption'
  | 'actor'
  | 'type'
  | 'resource'
  | 'scope'
  | 'members'
  | 'definition'
  | 'risk'
  | 'tags';

const WORDS: Readonly<Record<Role, string>> = {
  id: 'id|no|nr|num|number|ref|key|threat id|risk id|flow id|boundary id|component id|asset id|vendor id|mitigation id|control id|assumption id|threat number|threat no|risk number|assumption number|assets number|asset number|mitigation number|identifier|bedrohungs nummer|annahme nummer|kennung|numéro|número|номер|رقم التهديد|معرف التدفق|معرف الحد|رقم الافتراض',
  title:
    'title|threat|threats|threat title|threat name|threat description|threat scenario|threat statement|scenario|attack scenario|attack vector|attack vectors|attack|attacks|abuse case|misuse case|example threat|example threats|vulnerability|weakness|bypass vector|risk description|risk title|risk name|risk statement|risk event|failure mode|potential threat|possible threat|statement|finding|concern|bedrohung|risiko beschreibung|menace|amenaza|ameaça|minaccia|угроза|التهديد|脅威|威胁|위협',
  name: 'name|bezeichnung|nom|nombre|nome|название|الاسم|名前|名称|이름',
  description:
    'description|details|detail|summary|notes|note|comments|comment|purpose|what|explanation|details notes|beschreibung|zweck|kommentare|descripción|descrição|descrizione|описание|الوصف|التعليقات|الغرض|説明|描述|설명|responsibility|role|function|action|prerequisites',
  component:
    'component|components|affected component|affected components|affected element|affected elements|affected asset|affected assets|affected|entity|target asset|surface|attack surface|element|dfd element|element name|system|service|subsystem|process|data store|datastore|store|node|module|interaction|entry point|location|where|component family|interface|container|entität|komponente|composant|componente|сущность|компонент|الكيان|المكون|コンポーネント|组件|구성 요소',
  stride:
    'stride|stride category|stride categories|stride threat type|stride type|stride element|stride threat|stride class|threat category|threat categories|threat type|stride s|kategorie stride',
  category:
    'category|categories|class|linddun|cia|cwe|capec|att ck|mitre|mitre att ck|taxonomy|kategorie|catégorie|categoría|categoria|категория|الفئة',
  severity:
    'severity|priority|risk level|risk rating|rating|inherent risk|risk score|score|criticality|cvss|dread|level|overall risk|overall|risk severity|threat level|schweregrad|priorität|sévérité|priorité|severidad|prioridad|severidade|prioridade|gravità|priorità|серьезность|приоритет|الأولوية|الخطورة|優先度|重大度|优先级|严重性|심각도',
  likelihood:
    'likelihood|probability|exploitability|l|likelihood 1 5|prob|wahrscheinlichkeit|probabilité|probabilidad|probabilidade|probabilità|вероятность|可能性',
  impact:
    'impact|impacts|consequence|consequences|damage|business impact|effect|auswirkung|conséquence|impacto|impatto|воздействие|影响|影響',
  mitigation:
    'mitigation|mitigations|key mitigations|primary mitigations|primary mitigation|main mitigations|control|controls|existing mitigation|existing mitigations|current mitigation|current mitigations|existing controls|existing control|current controls|countermeasure|countermeasures|treatment|remediation|response|safeguards|safeguard|mitigation strategy|mitigation control|mitigation controls|security controls|security control|defense|defenses|defence|mitigation and controls|mitigations controls|how mitigated|mitigated by|prevention|gegenmaßnahme|gegenmaßnahmen|maßnahme|atténuation|mitigación|mitigaciones|mitigação|mitigazione|меры|التخفيفات|対策|缓解措施|완화',
  recommendation:
    'recommendation|recommendations|suggested mitigation|suggested mitigations|planned mitigation|planned mitigations|proposed mitigation|proposed mitigations|recommended mitigation|recommended mitigations|planned controls|actions|action items|next steps|required action|recommended action|gaps|gap',
  status:
    'status|threat status|state|mitigation status|disposition|implementation status|resolved|resolution|risk status|zustand|statut|estado|stato|статус|الحالة|状態|ステータス|状态|상태',
  residual: 'residual|residual risk|residual rating|residual level|restrisiko',
  owner:
    'owner|owners|mitigation owner|risk owner|responsible|assignee|assigned to|accountable|owned by|threat owner|component owner|asset owner|verantwortlich|responsable|propietario|proprietario|владелец|المالك|責任者|负责人|담당자',
  ticket:
    'ticket|tickets|todo|todos|issue|issues|jira|tracking|github issue|work item|tracking issue|issue link|linked issue|backlog',
  due: 'due|due date|target date|deadline|eta|by when|planned for|target completion|fällig',
  expires: 'expires|expiry|expiry date|accepted until|valid until|until|review date|review by|next review',
  justification: 'justification|rationale|reason|acceptance rationale|why|begründung|justificación',
  source:
    'source|from|origin|src|sender|initiator|source component|from component|quelle|von|origen|origem|origine|источник|المصدر|送信元|源',
  target:
    'target|to|destination|dest|sink|receiver|target component|to component|ziel|nach|destino|destinazione|приемник|الهدف|宛先|目标',
  protocol:
    'protocol|transport|protocol port|protocols|port|channel|mechanism|method|crossing|protokoll|protocole|protocolo',
  encrypted: 'encrypted|encryption|tls|encryption in transit|is encrypted|verschlüsselt',
  data: 'data|data assets|payload|data classification|classification|information|data type|data types|data exchanged|data handled|sensitivity|data processed|assets|daten|données|datos|dados',
  boundary:
    'boundary|trust boundary|trust boundaries|boundary name|trust zone|trust level|zone|crosses|boundary crossed|boundaries crossed|crosses boundary|crosses boundaries|trust boundary crossed|vertrauensgrenze',
  flow: 'flow|data flow|dataflow|flow name|data flows|connection|interaction name|communication|datenfluss',
  vendor:
    'vendor|vendors|third party|third parties|supplier|dependency|external dependency|dependencies|external service|external system|subprocessor|sub processor|provider|saas|integration|library|package|anbieter',
  asset: 'asset|assets|asset name|data asset|information asset|impacted asset|schutzgut|actif|activo|ativo',
  assumption: 'assumption|assumptions|annahme|annahmen|hypothèse|supuesto|premissa|الافتراض|допущение',
  actor: 'actor|threat actor|attacker|adversary|threat source|persona|threat agent|user|role name',
  type: 'type|kind|component type|element type|dfd type|typ|tipo|тип|النوع',
  resource:
    'resource|resources|resource address|iac|iac resource|iac address|terraform|terraform address|address|addresses|cloud resource|code|implementation|implemented by',
  scope: 'scope|in scope|in or out of model|in model|out of scope|in out of scope',
  members: 'members|contains|inside|includes|components inside|elements inside',
  definition:
    'property|property violated|violated property|security property|security property violated|desired property|security goal violated|definition|question|questions|meaning|violates|guiding questions|questions to ask|letter|knob|default|metric',
  risk: 'risk|risks|risiko|risque|riesgo|risco|rischio|риск|المخاطر|リスク|风险|위험',
  tags: 'technology|technologies|tech|tech stack|service provider|stack|tags|labels|technologie',
};

const ROLE_OF = new Map<string, readonly Role[]>();
for (const role of Object.keys(WORDS) as Role[])
  for (const word of WORDS[role].split('|')) ROLE_OF.set(word, [...(ROLE_OF.get(word) ?? []), role]);

/** Every role that a header or label may have; empty when it says nothing we know. */
export function rolesOf(header: string): readonly Role[] {
  const full = normaliseName(header);
  if (header.trim() === '#') return ['id'];
  const short = normaliseName(header.replace(/[([].*$/, ''));
  return (
    ROLE_OF.get(full) ?? ROLE_OF.get(short) ?? (/^example (?:risk|attack|threat)/.test(full) ? ['title'] : [])
  );
}

/** A table with what its columns hold; the first column of a role wins, others of the same role add to it. */
export interface Columns {
  readonly headers: readonly string[];
  readonly roles: readonly (readonly Role[])[];
}

export function readColumns(table: MarkdownTable): Columns {
  const headers = table.header.map((cell) => cell.text);
  return { headers, roles: headers.map(rolesOf) };
}

export function hasRole(columns: Columns, ...roles: readonly Role[]): boolean {
  return columns.roles.some((own) => own.some((role) => roles.includes(role)));
}

/** Cells of a row that hold one of the roles, in column order, empty ones left out. */
export function cellsOf(
  row: readonly Inline[],
  columns: Columns,
  ...roles: readonly Role[]
): readonly Inline[] {
  return row.filter(
    (cell, index) => cell.text !== '' && (columns.roles[index] ?? []).some((role) => roles.includes(role)),
  );
}

/** The first column that is not an id: what the rows are about. */
export function subjectOf(columns: Columns): readonly Role[] {
  const index = columns.roles.findIndex((own) => !own.includes('id'));
  return columns.roles[index] ?? [];
}
