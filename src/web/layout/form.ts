import { attributes, html, type Content, type SafeHtml } from './html.ts';

/** A field of a form that is sent by GET. Its name is that of the query, and its id as well. */
export type Field = {
  readonly name: string;
  readonly label: string;
  /** A word of help under the field. */
  readonly hint?: string;
} & (
  | { readonly kind: 'date' | 'text' | 'search'; readonly value: string; readonly list?: readonly string[] }
  | { readonly kind: 'number'; readonly value: string; readonly min: number; readonly max: number }
  | {
      readonly kind: 'select';
      readonly value: string;
      readonly options: readonly (readonly [value: string, text: string])[];
      /** With a script the form is sent as soon as another one is chosen; the button stays. */
      readonly eager?: boolean;
    }
  | {
      readonly kind: 'several';
      readonly values: readonly string[];
      readonly options: readonly (readonly [value: string, text: string])[];
    }
);

/** Works without a script: a button sends it, and the address of the answer can be kept and sent to others. */
export function filterForm(options: {
  readonly action: string;
  readonly label: string;
  readonly fields: readonly Field[];
  readonly submit?: string;
  readonly hidden?: Readonly<Record<string, string>>;
  /** Where all filters are off. */
  readonly reset?: string;
}): SafeHtml {
  const { action, label, fields, submit = 'Show', hidden = {}, reset } = options;
  return html`<form class="filter" method="get" action="${action}" aria-label="${label}">
    ${Object.entries(hidden).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" /> `)}${fields.map(fieldOf)}
    <div class="buttons">
      <button type="submit">${submit}</button
      >${reset === undefined ? undefined : html` <a href="${reset}">Clear</a>`}
    </div>
  </form>`;
}

/** One field with its label; for forms of other kinds as well. */
export function fieldOf(field: Field): SafeHtml {
  if (field.kind === 'several') return severalOf(field);
  const { name, label, hint } = field;
  const described = hint === undefined ? undefined : `${name}-hint`;
  return html`<div class="field">
    <label for="${name}">${label}</label>${controlOf(field, described)}${hintOf(described, hint)}
  </div> `;
}

const hintOf = (id: string | undefined, hint: string | undefined): Content =>
  id === undefined ? undefined : html`<span class="hint" id="${id}">${hint}</span>`;

function controlOf(field: Exclude<Field, { kind: 'several' }>, described: string | undefined): SafeHtml {
  const { name, kind, value } = field;
  const shared = { id: name, name, 'aria-describedby': described };
  switch (kind) {
    case 'select':
      return html`<select${attributes({ ...shared, 'data-eager': field.eager })}>${field.options.map(
        ([v, text]) => html`<option${attributes({ value: v, selected: v === value })}>${text}</option>`,
      )}</select>`;
    case 'number':
      return html`<input${attributes({ ...shared, type: kind, value, min: field.min, max: field.max, inputmode: 'numeric' })} />`;
    case 'date':
    case 'text':
    case 'search':
      return html`<input${attributes({
        ...shared,
        type: kind,
        value,
        maxlength: kind === 'date' ? undefined : 200,
        autocomplete: 'off',
        list: field.list ? `${name}-list` : undefined,
      })} />${
        field.list
          ? html`<datalist id="${name}-list">${field.list.map((v) => html`<option value="${v}"></option>`)}</datalist>`
          : undefined
      }`;
  }
}

function severalOf({ name, label, hint, values, options }: Extract<Field, { kind: 'several' }>): SafeHtml {
  const described = hint === undefined ? undefined : `${name}-hint`;
  return html`<fieldset${attributes({ class: 'several', 'aria-describedby': described })}><legend>${label}</legend>${options.map(
    ([value, text]) =>
      html`<label class="choice"><input${attributes({ type: 'checkbox', name, value, checked: values.includes(value) })}> ${text}</label>\n`,
  )}${hintOf(described, hint)}</fieldset>
`;
}
