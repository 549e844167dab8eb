/** That the double promises nothing GitHub does not. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  type GraphQLInputField,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLNamedType,
} from 'graphql';
import { schema } from './graphql/execution.ts';
import { assertAnswer, isDescribed } from './http/validation.ts';
import { ROUTES } from './rest/routes.ts';

describe('REST', () => {
  // Behind `/_` is what GitHub keeps elsewhere and only sends to.
  const own = ROUTES.filter((route) => !route.template.startsWith('/_'));
  test.each(own.map((route) => `${route.method} ${route.template}`))('%s is in the description', (name) => {
    expect(isDescribed(name)).toBe(true);
  });

  test('an answer that is not as described is an error of the double', () => {
    expect(() => {
      assertAnswer('GET /app', 200, { id: 'no number' });
    }).toThrow('is not what GitHub answers');
  });
});

describe('GraphQL', () => {
  const file = join(import.meta.dirname, '../../node_modules/@octokit/graphql-schema/schema.graphql');
  // One field is defined twice in the published file: it is taken as it is.
  const official = buildSchema(readFileSync(file, 'utf8'), { assumeValidSDL: true });
  const own = Object.values(schema().getTypeMap()).filter((type) => !type.name.startsWith('__'));

  test.each(own.map((type): [string, GraphQLNamedType] => [type.name, type]))(
    '%s is a part of the one of GitHub',
    (name, type) => {
      const theirs = official.getType(name);
      expect(theirs?.constructor.name).toBe(type.constructor.name);
      expect(statementsOf(theirs)).toEqual(expect.arrayContaining(statementsOf(type)));
    },
  );

  test('the words of a statement say the type', () => {
    expect(statementsOf(schema().getType('Ref'))).toContain('target: GitObject');
    expect(statementsOf(schema().getType('Repository'))).toContain('pullRequest(number): Int!');
  });
});

/** Everything that a type says, one string each: fields, arguments with their types, values, interfaces. */
function statementsOf(type: GraphQLNamedType | undefined): string[] {
  if (isEnumType(type)) return type.getValues().map((value) => value.name);
  if (isInputObjectType(type)) return Object.values(type.getFields()).map(typed);
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return [
    ...type.getInterfaces().map((each) => `implements ${each.name}`),
    ...Object.values(type.getFields()).flatMap((field) => [
      typed(field),
      ...field.args.map((argument) => `${field.name}(${argument.name}): ${String(argument.type)}`),
    ]),
  ];
}

function typed(field: GraphQLField<unknown, unknown> | GraphQLInputField | GraphQLArgument): string {
  return `${field.name}: ${String(field.type)}`;
}
