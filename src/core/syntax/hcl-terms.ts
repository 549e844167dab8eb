import type { HclExpression, HclStep } from './hcl-tree.ts';

/** The parts of one node: operands, each a term with its steps, and the operator between them. */
export class Terms {
  readonly #operands: HclExpression[] = [];
  #operator: string | undefined;
  #broken = false;
  #open = false;
  #steps: HclStep[] | undefined;

  add(term: HclExpression): void {
    this.#operands.push(this.#open ? { kind: 'group', inner: term, line: term.line } : term);
    this.#open = false;
    this.#steps = undefined;
  }

  step(found: readonly HclStep[]): void {
    const last = this.#operands.pop();
    if (!last) return;
    const begun = this.#steps !== undefined;
    const steps = (this.#steps ??= last.kind === 'traversal' ? [...last.steps] : []);
    steps.push(...found);
    if (last.kind === 'traversal') this.#operands.push({ ...last, steps });
    else if (begun) this.#operands.push(last);
    else this.#operands.push({ kind: 'access', of: last, steps, line: last.line });
  }

  punctuate(token: string): void {
    if (token === '(') this.#open = true;
    else if (token === 'ERROR') this.#broken = true;
    else if (token !== ')' && token !== 'comment') this.#operator ??= token;
  }

  /** Undefined when the parts make no sense together. */
  combine(line: number): HclExpression | undefined {
    const operands = this.#operands;
    const operator = this.#operator;
    if (this.#broken) return undefined;
    const [only, second] = operands;
    if (!only) return undefined;
    if (operator === undefined) return second ? undefined : only;
    if (operator === '-' && !second && only.kind === 'literal') {
      if (typeof only.value === 'number') return { ...only, value: -only.value, line };
    }
    return { kind: 'operation', operator, operands, line };
  }
}
