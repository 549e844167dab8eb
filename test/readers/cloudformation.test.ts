import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { reader } from '../../src/core/readers/cloudformation.ts';
import { at, get, items, text } from '../../src/core/values/value.ts';
import { arrows, expectHardened, find, meaning, readTexts, shown } from '../support/readings.ts';

const TEMPLATE = `AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Stage:
    Type: String
    Default: test
  Ranges:
    Type: CommaDelimitedList
    Default: 10.0.0.0/8, 192.0.2.0/24
  Image:
    Type: AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>
    Default: /images/base
  Unset:
    Type: String
Mappings:
  Sizes:
    test: {cpu: 256}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  # where the logs go
  Logs:
    Type: AWS::S3::Bucket
    DeletionPolicy: Retain
    Condition: IsProd
    Properties:
      BucketName: !Sub "logs-\${Stage}"
      Tags:
        - Key: a
          Value: b

  Group:
    Type: AWS::EC2::SecurityGroup
    DependsOn: [Logs]
    Properties:
      GroupDescription: |
        some text

        more text
      SecurityGroupIngress:
        - CidrIp: !Select [1, !Ref Ranges]
          FromPort: 22
        - CidrIp: !If [IsProd, 10.0.0.0/8, 0.0.0.0/0]
          FromPort: 443
  Job:
    Type: Custom::Job
    Properties:
      Target: !GetAtt Logs.Arn
      Cpu: !FindInMap [Sizes, !Ref Stage, cpu]
      Ami: !Ref Image
      Kms: !If [IsProd, !Ref AWS::NoValue, alias/test]
      Path: !Join ["/", [a, !Ref Stage, !Sub "\${Stage}-\${X}"]]
      Full: !Join ["/", [a, !Ref Stage]]
      Parts: !Split [",", "x,y"]
      Imported: !ImportValue shared-vpc
      Open: !Ref Unset
      Script:
        Fn::Base64: !Sub "echo \${Stage} \${!HOME}"
      Vars: !Sub ["\${A}-\${Stage}", {A: one}]
Outputs:
  Arn:
    Value: !GetAtt Logs.Arn
    Export: {Name: logs-arn}
`;
const read = (text: string, path = 'infra/stack.yml') => readTexts(reader, { [path]: text });
const job = (key: string, from = TEMPLATE) => get(find(read(from), 'Custom::Job Job').values, key);

describe('resources', () => {
  test('everything named in a template is a resource at its address, with its lines', () => {
    const reading = read(TEMPLATE);
    expect(reading.doubts).toEqual([]);
    expect(reading.resources.map((r) => [r.address, r.type, r.span.startLine, r.span.endLine])).toEqual([
      ['Parameters.Stage', 'parameter', 3, 5],
      ['Parameters.Ranges', 'parameter', 6, 8],
      ['Parameters.Image', 'parameter', 9, 11],
      ['Parameters.Unset', 'parameter', 12, 13],
      ['Mappings.Sizes', 'mapping', 15, 16],
      ['Conditions.IsProd', 'condition', 18, 18],
      ['Outputs.Arn', 'output', 60, 62],
      ['AWS::S3::Bucket Logs', 'AWS::S3::Bucket', 21, 29],
      ['AWS::EC2::SecurityGroup Group', 'AWS::EC2::SecurityGroup', 31, 43],
      ['Custom::Job Job', 'Custom::Job', 44, 58],
    ]);
    expect(new Set(reading.resources.map((r) => r.scope))).toEqual(new Set(['infra/stack.yml']));
  });

  test('properties stand at the top, everything else under $', () => {
    const { values } = find(read(TEMPLATE), 'AWS::S3::Bucket Logs');
    expect(shown(values)).toBe(
      '{"$Condition":"IsProd","$DeletionPolicy":"Retain","BucketName":"logs-test","Tags":[{"Key":"a","Value":"b"}]}',
    );
  });

  test('references lead to addresses, with the path at which they stand', () => {
    const reading = read(TEMPLATE);
    expect(arrows(find(reading, 'AWS::S3::Bucket Logs'))).toEqual([
      'BucketName → Parameters.Stage',
      '$Condition → Conditions.IsProd',
    ]);
    expect(arrows(find(reading, 'AWS::EC2::SecurityGroup Group'))).toEqual([
      'SecurityGroupIngress.CidrIp → Parameters.Ranges',
      'SecurityGroupIngress.CidrIp → Conditions.IsProd',
      '$DependsOn → AWS::S3::Bucket Logs',
    ]);
    expect(arrows(find(reading, 'Custom::Job Job'))).toEqual(
      expect.arrayContaining([
        'Target → AWS::S3::Bucket Logs',
        'Cpu → Mappings.Sizes',
        'Path → X',
        'Imported → shared-vpc',
      ]),
    );
    expect(arrows(find(reading, 'Custom::Job Job'))).not.toContain('Vars → A');
    expect(arrows(find(reading, 'Outputs.Arn'))).toEqual(['Value → AWS::S3::Bucket Logs']);
    expect(arrows(find(reading, 'Conditions.IsProd'))).toEqual(['value → Parameters.Stage']);
  });
});

describe('intrinsic functions', () => {
  test.each([
    ['Cpu', '256'],
    ['Kms', '"alias/test"'],
    ['Full', '"a/test"'],
    ['Parts', '["x","y"]'],
    ['Script', '"echo test ${HOME}"'],
    ['Vars', '"one-test"'],
  ])('%s resolves', (key, expected) => {
    expect(shown(job(key))).toBe(expected);
  });

  test.each(['Target', 'Ami', 'Path', 'Imported', 'Open'])('%s stays open', (key) => {
    expect(job(key)).toMatchObject({ kind: 'expression' });
    expect(job(key)).not.toHaveProperty('resolved');
  });

  test('If is judged by the arm that sets something, and shows both', () => {
    const [select, either] = items(
      get(find(read(TEMPLATE), 'AWS::EC2::SecurityGroup Group').values, 'SecurityGroupIngress'),
    );
    expect(text(get(select, 'CidrIp'))).toBe('192.0.2.0/24');
    expect(get(either, 'CidrIp')).toMatchObject({ text: '!If [IsProd, 10.0.0.0/8, 0.0.0.0/0]' });
    expect(text(get(either, 'CidrIp'))).toBe('10.0.0.0/8');
  });

  test('a resolved value has the line at which it is used', () => {
    const { values } = find(read(TEMPLATE), 'Custom::Job Job');
    expect(get(values, 'Cpu')).toMatchObject({ line: 48, resolved: { line: 48 } });
  });

  test('short tags, long names and JSON are one language', () => {
    const long = TEMPLATE.replace(
      '!FindInMap [Sizes, !Ref Stage, cpu]',
      '{"Fn::FindInMap": [Sizes, {Ref: Stage}, cpu]}',
    )
      .replace('!GetAtt Logs.Arn', '{"Fn::GetAtt": [Logs, Arn]}')
      .replace('!If [IsProd, 10.0.0.0/8, 0.0.0.0/0]', '\n            Fn::If: [IsProd, 10.0.0.0/8, 0.0.0.0/0]')
      .replace('!Equals [!Ref Stage, prod]', '{"Fn::Equals": [{Ref: Stage}, prod]}');
    expect(long).not.toBe(TEMPLATE);
    expect(meaning(read(long))).toEqual(meaning(read(TEMPLATE)));
    const json = JSON.stringify({
      Parameters: { P: { Type: 'String', Default: '0.0.0.0/0' } },
      Resources: {
        G: {
          Type: 'AWS::EC2::SecurityGroup',
          Properties: { Cidr: { Ref: 'P' }, Arn: { 'Fn::GetAtt': ['B', 'Arn'] } },
        },
        B: { Type: 'AWS::S3::Bucket' },
      },
    });
    const yaml = `Parameters: {P: {Type: String, Default: 0.0.0.0/0}}\nResources:\n  B: {Type: AWS::S3::Bucket}\n  G:\n    Type: AWS::EC2::SecurityGroup\n    Properties: {Cidr: !Ref P, Arn: !GetAtt B.Arn}\n`;
    expect(meaning(read(json, 'a.json'))).toEqual(meaning(read(yaml, 'a.yml')));
  });

  test('Condition is a key of policies, and a function only of a name', () => {
    const policy =
      'Resources:\n  P:\n    Type: AWS::IAM::Policy\n    Properties:\n      A: {Condition: {Bool: {"aws:x": true}}}\n      B: !And [!Condition C, !Condition D]\n';
    const { values } = find(read(policy), 'AWS::IAM::Policy P');
    expect(shown(get(values, 'A'))).toBe('{"Condition":{"Bool":{"aws:x":true}}}');
    expect(get(values, 'B')).toMatchObject({ references: ['Conditions.C', 'Conditions.D'] });
  });
});

describe('SAM and loops', () => {
  const sam =
    'Transform: AWS::Serverless-2016-10-31\nGlobals:\n  Function:\n    Timeout: 3\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: a.b\n      Events:\n        Api: {Type: Api, Properties: {Path: /x, Method: get}}\n';
  test('globals are one resource that the functions refer to', () => {
    const reading = read(sam);
    expect(find(reading, 'Globals.Function')).toMatchObject({ type: 'globals', name: 'Function' });
    expect(arrows(find(reading, 'AWS::Serverless::Function F'))).toEqual(['$Globals → Globals.Function']);
    expect(
      text(at(find(reading, 'AWS::Serverless::Function F').values, 'Events', 'Api', 'Properties', 'Path')),
    ).toBe('/x');
  });

  test('a loop stands for its template', () => {
    const loop =
      'Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::Topics:\n    - Name\n    - [A, B]\n    - Topic${Name}:\n        Type: AWS::SNS::Topic\n        Properties: {TopicName: !Ref Name}\n';
    expect(read(loop).resources.map((r) => r.address)).toEqual(['AWS::SNS::Topic Topic${Name}']);
  });
});

describe('recognition', () => {
  const claims = (text: string, path = 'a.yml'): boolean => reader.recognises({ path, text });
  test('templates are recognised in any spelling', () => {
    expect(claims(TEMPLATE)).toBe(true);
    expect(claims('"Resources":\n  X: {Type: "AWS::S3::Bucket"}\n')).toBe(true);
    expect(claims('---\n  Resources:\n    X:\n      Type:\n        AWS::S3::Bucket\n')).toBe(true);
    expect(claims('{"Resources":{"X":{"Type":"AWS::S3::Bucket"}}}', 'a.template')).toBe(true);
  });

  test('manifests, workflows and plain settings are not', () => {
    expect(claims('apiVersion: v1\nkind: ConfigMap\ndata: {x: "AWS::S3::Bucket"}\n')).toBe(false);
    expect(claims('on: push\njobs: {a: {env: {T: "AWS::S3::Bucket"}}}\n')).toBe(false);
    expect(claims('Resources: none\n')).toBe(false);
  });

  test('a manifest cannot pose as a template', () => {
    expect(
      claims('apiVersion: v1\nkind: Pod\nAWSTemplateFormatVersion: "x" # AWS::S3::Bucket\nResources: {}\n'),
    ).toBe(false);
    expect(claims('# "AWSTemplateFormatVersion": AWS::S3::Bucket\napiVersion: v1\nkind: Pod\n')).toBe(false);
  });
});

describe('broken and hostile templates', () => {
  test('an unclosed bracket is a doubt with its place, and other resources are kept', () => {
    const { resources, doubts } = read(
      TEMPLATE.replace('[Sizes, !Ref Stage, cpu]', '[Sizes, !Ref Stage, cpu'),
    );
    expect(doubts[0]).toMatchObject({ code: 'parse-error', file: 'infra/stack.yml', weight: 'doubt' });
    expect(doubts[0]?.line).toBeGreaterThanOrEqual(48);
    expect(resources.map((r) => r.address)).toEqual(
      expect.arrayContaining(['AWS::S3::Bucket Logs', 'AWS::EC2::SecurityGroup Group']),
    );
  });

  test('functions that expand without end are cut off and told', () => {
    const long = 'x'.repeat(20_000);
    const many = Array.from({ length: 400 }, (_, i) => `      P${i}: !Join ["", [!Ref L, !Ref L]]`).join(
      '\n',
    );
    const bomb = `Parameters:\n  L: {Type: String, Default: ${long}}\nResources:\n  X:\n    Type: A::B::C\n    Properties:\n${many}\n`;
    const { resources, doubts } = read(bomb);
    expect(resources).toHaveLength(2);
    expect(doubts.map((d) => d.code)).toEqual(['parse-limit']);
  });

  test('hostile texts', () => {
    expectHardened(
      reader,
      'a.yml',
      (t) => `Resources:\n  X:\n    Type: A::B::C\n    Properties:\n      V: !Sub [${t}\n`,
    );
  });

  test('sections of any shape', () => {
    const shape = fc.constantFrom(
      'x',
      '[]',
      '{}',
      '~',
      '[a, {b: c}]',
      '{a: b}',
      '{a: {Type: A::B::C, Properties: []}}',
      '{a: !Ref a}',
      '{__proto__: {Type: A::B::C}}',
      '{Ref: [a]}',
      '!Sub [[a], b]',
      '{"Fn::If": 1}',
      '!Select [99999999999, [a]]',
      '!Join [[], {}]',
      '{a: {Type: A::B::C, DependsOn: {a: b}, Condition: [a]}}',
    );
    fc.assert(
      fc.property(shape, shape, shape, shape, (a, b, c, d) => {
        const { doubts } = reader.read([
          {
            path: 'a.yml',
            text: `Parameters: ${a}\nMappings: ${b}\nConditions: ${c}\nGlobals: ${a}\nResources: ${d}\nOutputs: ${b}\n`,
          },
        ]);
        expect(doubts).toEqual([]);
      }),
      { seed: 5, numRuns: 400 },
    );
  });

  test('comments, line ends and indentation change nothing', () => {
    const other = TEMPLATE.replaceAll(/^( +)(?=\w+: *$)/gm, '$1')
      .replaceAll('\n', ' # note\r\n')
      .replace('GroupDescription: | # note', 'GroupDescription: |')
      .replaceAll(/(some text|more text|^ *$) # note/gm, '$1')
      .replaceAll(/^ # note/gm, '');
    expect(other).not.toBe(TEMPLATE);
    expect(meaning(read(other))).toEqual(meaning(read(TEMPLATE)));
  });
});
