import type { HclExpression, HclObjectEntry, HclStep, HclTemplatePart } from './hcl-tree.ts';

/**
 * An expression as text that does not depend on how it was laid out: no comments, one way of spacing, commas between
 * all elements. Each expression is rendered once, however often it is asked for.
 */
export type Renderer = (expression: HclExpression) => string;

export function createRenderer(): Renderer {
  const known = new Map<HclExpression, string>();
  const renderOnce = (expression: HclExpression): string => {
    const before = known.get(expression);
    if (before !== undefined) return before;
    const text = render(expression, renderOnce);
    known.set(expression, text);
    return text;
  };
  return renderOnce;
}

function render(expression: HclExpression, nested: Renderer): string {
  switch (expression.kind) {
    case 'literal':
      return typeof expression.value === 'string' ? quote(expression.value) : String(expression.value);
    case 'template':
      return `"${expression.parts.map((part) => renderPart(part, nested)).join('')}"`;
    case 'tuple':
      return `[${expression.items.map(nested).join(', ')}]`;
    case 'object':
      return renderObject(expression.entries, nested);
    case 'traversal':
      return expression.root + renderSteps(expression.steps, nested);
    case 'access':
      return nested(expression.of) + renderSteps(expression.steps, nested);
    case 'call':
      return `${expression.name}(${expression.operands.map(nested).join(', ')}${expression.spread ? '...' : ''})`;
    case 'conditional': {
      const [condition = '', yes = '', no = ''] = expression.operands.map(nested);
      return `${condition} ? ${yes} : ${no}`;
    }
    case 'operation': {
      const [left = '', right] = expression.operands.map(nested);
      return right === undefined ? expression.operator + left : `${left} ${expression.operator} ${right}`;
    }
    case 'for':
      return renderFor(expression, nested);
    case 'group':
      return `(${nested(expression.inner)})`;
    case 'opaque':
      return expression.text;
  }
}

function quote(text: string): string {
  return `"${escape(text)}"`;
}

function escape(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1);
  return escaped.includes('{') ? escaped.replace(/([$%])\{/g, '$1$1{') : escaped;
}

function renderPart(part: HclTemplatePart, nested: Renderer): string {
  switch (part.kind) {
    case 'text':
      return escape(part.text);
    case 'interpolation':
      return `\${${nested(part.value)}}`;
    case 'directive':
      return `%{ ${part.text} }`;
  }
}

function renderObject(entries: readonly HclObjectEntry[], nested: Renderer): string {
  if (entries.length === 0) return '{}';
  return `{ ${entries.map((e) => `${renderKey(e.key, nested)} = ${nested(e.value)}`).join(', ')} }`;
}

/** `"a" =` and `a =` mean the same. */
function renderKey(key: HclExpression, nested: Renderer): string {
  if (key.kind === 'literal' && /^[A-Za-z_][\w-]*$/.test(String(key.value))) return String(key.value);
  return nested(key);
}

function renderSteps(steps: readonly HclStep[], nested: Renderer): string {
  return steps
    .map((step) => {
      if (step.kind === 'attribute') return `.${step.name}`;
      return step.kind === 'splat' ? '[*]' : `[${nested(step.key)}]`;
    })
    .join('');
}

function renderFor(expression: Extract<HclExpression, { kind: 'for' }>, nested: Renderer): string {
  const intro = `for ${expression.bound.join(', ')} in ${nested(expression.collection)} :`;
  const result = expression.result.map(nested).join(' => ') + (expression.grouped ? '...' : '');
  const condition = expression.condition ? ` if ${nested(expression.condition)}` : '';
  return expression.shape === 'tuple'
    ? `[${intro} ${result}${condition}]`
    : `{${intro} ${result}${condition}}`;
}
