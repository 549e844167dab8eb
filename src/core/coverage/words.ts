/**
 * Judgements about words in names, as data. A word that says what kind of thing something is (`bucket`) does not say
 * which one; neither does a word that every project uses (`main`).
 */

/** Words for a kind of thing → the kind. Two names of different kinds are about different things. */
export const KIND_WORDS: Readonly<Record<string, string>> = {
  s3: 'bucket',
  bucket: 'bucket',
  blob: 'bucket',
  container: 'container',
  database: 'database',
  db: 'database',
  rds: 'database',
  aurora: 'database',
  table: 'database',
  dynamo: 'database',
  dynamodb: 'database',
  sql: 'database',
  mysql: 'database',
  mssql: 'database',
  postgre: 'database',
  postgres: 'database',
  postgresql: 'database',
  cosmosdb: 'database',
  bigquery: 'database',
  redshift: 'database',
  queue: 'queue',
  sqs: 'queue',
  servicebus: 'queue',
  topic: 'topic',
  sns: 'topic',
  pubsub: 'topic',
  eventhub: 'stream',
  stream: 'stream',
  kinesi: 'stream',
  kinesis: 'stream',
  kafka: 'stream',
  cache: 'cache',
  redi: 'cache',
  redis: 'cache',
  elasticache: 'cache',
  memcached: 'cache',
  lambda: 'function',
  function: 'function',
  ecs: 'container',
  deployment: 'container',
  statefulset: 'container',
  daemonset: 'container',
  pod: 'container',
  cronjob: 'container',
  gateway: 'edge',
  apigateway: 'edge',
  ingress: 'edge',
  cloudfront: 'edge',
  cdn: 'edge',
  loadbalancer: 'edge',
  balancer: 'edge',
  lb: 'edge',
  alb: 'edge',
  elb: 'edge',
  vpc: 'network',
  vnet: 'network',
  subnet: 'network',
  firewall: 'network',
  role: 'identity',
  iam: 'identity',
  kms: 'key',
  vault: 'secret',
  secret: 'secret',
  secretsmanager: 'secret',
  dns: 'dns',
  route53: 'dns',
  certificate: 'certificate',
  acm: 'certificate',
};

/** Without a plural `s`, as all words are compared. */
export function singular(word: string): string {
  return word.length > 3 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
}

function list(words: string): ReadonlySet<string> {
  return new Set(words.split(/\s+/).map(singular));
}

/** Other words that say nothing about which one it is. They are left out as long as something else is left. */
export const NOISE_WORDS: ReadonlySet<string> = list(
  `a an the of for to from in on and with by via aws amazon azure azurerm microsoft google gcp cloud k8s kubernetes
  service server instance cluster resource system component application app store storage account policy group rule
  security binding member attachment association configuration config setting set node pool version v1 v2 v3 http https endpoint
  www com net org io dev co uk sdk client library lib package pkg js node nodejs go golang python py java ruby php dotnet
  rust npm pypi maven`,
);

/** Words of every project: they count little, and never carry a match alone. */
export const GENERIC_WORDS: ReadonlySet<string> = list(
  `main default this that self primary secondary api web backend frontend front back end core common shared base internal
  external public private prod production dev development stage staging test qa uat live example sample demo my new old
  data info process handler worker job task event message request response user admin root global local state log
  key name id item object file access network gateway database db bucket queue topic function table cache secret role
  eu us east west north south region zone one two 1 2 3 0`,
);
