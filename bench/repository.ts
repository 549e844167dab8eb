/** Builds a git repository with many realistic files and a change to some of them; deterministic. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const terraform = (i: number, open: boolean): string => `
variable "name_${i}" {
  description = "Name of service ${i}"
  type        = string
  default     = "service-${i}"
}

resource "aws_security_group" "service_${i}" {
  name   = var.name_${i}
  vpc_id = data.aws_vpc.main.id

  dynamic "ingress" {
    for_each = [443, 8443]
    content {
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = ["${open ? '0.0.0.0/0' : '10.20.0.0/16'}"]
    }
  }
  tags = { Service = "service-${i}", Team = "team-${i % 7}" }
}

resource "aws_s3_bucket" "data_${i}" {
  bucket = "example-data-${i}"
  tags   = { Service = "service-${i}" }
}

data "aws_iam_policy_document" "service_${i}" {
  statement {
    actions   = ["s3:GetObject"${open ? ', "s3:PutObject"' : ''}]
    resources = ["\${aws_s3_bucket.data_${i}.arn}/*"]
  }
}

resource "aws_iam_role_policy" "service_${i}" {
  name   = "service-${i}"
  role   = aws_iam_role.service_${i}.id
  policy = data.aws_iam_policy_document.service_${i}.json
}

resource "aws_iam_role" "service_${i}" {
  name               = "service-${i}"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
  })
}
`;

const kubernetes = (i: number, open: boolean): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: service-${i}
  namespace: shop
  labels: { app: service-${i} }
spec:
  replicas: 2
  selector: { matchLabels: { app: service-${i} } }
  template:
    metadata: { labels: { app: service-${i} } }
    spec:
      serviceAccountName: service-${i}
      containers:
        - name: app
          image: registry.example.com/shop/service-${i}:1.${open ? 1 : 0}.0
          ports: [{ containerPort: 8080 }]
          env:
            - name: PEER
              value: http://service-${i + 1}:8080
            - name: TOKEN
              valueFrom: { secretKeyRef: { name: service-${i}, key: token } }
          resources: { limits: { memory: 256Mi, cpu: 200m } }
---
apiVersion: v1
kind: Service
metadata: { name: service-${i}, namespace: shop }
spec:
  type: ${open ? 'LoadBalancer' : 'ClusterIP'}
  selector: { app: service-${i} }
  ports: [{ name: http, port: 80, targetPort: 8080 }]
`;

const workflow = (i: number, open: boolean): string => `name: build ${i}
on: { push: { branches: [main] }, pull_request: {} }
permissions:
  contents: read
${open ? '  id-token: write\n' : ''}jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: make build SERVICE=${i}
  test:
    runs-on: ubuntu-24.04
    needs: [build]
    strategy: { matrix: { shard: [1, 2, 3, 4] } }
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: 24, cache: npm }
      - run: |
          npm ci
          npm test -- --shard=\${{ matrix.shard }}/4
`;

const LIBRARIES = Object.fromEntries(Array.from({ length: 24 }, (_, i) => [`library-${i}`, `^1.${i}.0`]));

const manifest = (i: number, open: boolean): string =>
  JSON.stringify(
    {
      name: `service-${i}`,
      version: '1.0.0',
      dependencies: { ...LIBRARIES, ...(open ? { stripe: '17.0.0' } : {}) },
    },
    undefined,
    2,
  );

/** Services in one file: about 2.5 KB, the mean of real Terraform and YAML files. A change touches the first, as most changes touch one thing of several. */
const SERVICES = 2;

const services = (i: number, open: boolean, one: (n: number, open: boolean) => string): string =>
  Array.from({ length: SERVICES }, (_, s) => one(i * SERVICES + s, open && s === 0)).join('');

/** Four kinds of files in turn; every eighth of a kind lives in its own folder, as in real trees. */
export function fileOf(i: number, open: boolean): readonly [path: string, text: string] {
  const group = Math.floor(i / 32);
  switch (i % 4) {
    case 0:
      return [`infra/stack-${group}/service-${i}.tf`, services(i, open, terraform)];
    case 1:
      return [
        `deploy/group-${group}/service-${i}.yaml`,
        services(i, open, (n, o) => `---\n${kubernetes(n, o)}`),
      ];
    case 2:
      return [`.github/workflows/build-${i}.yml`, workflow(i, open)];
    default:
      return [`services/service-${i}/package.json`, manifest(i, open)];
  }
}

/** Writes the repository: `files` files on main, `changed` of them changed on the branch `change`. */
export function buildRepository(dir: string, files: number, changed: number): void {
  const git = (...args: string[]): void => {
    execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@example.com', ...args], {
      cwd: dir,
      stdio: 'ignore',
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: dir,
        GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z',
        GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z',
      },
    });
  };
  const write = ([path, text]: readonly [string, string]): void => {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  };
  git('init', '-q', '-b', 'main');
  for (let i = 0; i < files; i++) write(fileOf(i, false));
  git('add', '-A');
  git('commit', '-qm', 'base');
  git('checkout', '-qb', 'change');
  for (let i = 0; i < changed; i++) write(fileOf(i, true));
  git('add', '-A');
  git('commit', '-qm', 'change');
}
