import type { Period } from '../../core/model/audit.ts';
import { section } from '../layout/heading.ts';
import { html, type SafeHtml } from '../layout/html.ts';
import { document } from '../layout/words.ts';
import type { AskedPackage } from './export-query.ts';
import { evidenceCommand } from './population-commands.ts';

/** The same without these pages: made by whoever runs the service, checked by anybody. */
export function commandsSection({ period, repositories, sample }: AskedPackage): SafeHtml {
  return section(
    'commands',
    'Without these pages',
    html`<p>Whoever runs the service makes the same package from the database:</p>
      ${document(evidenceCommand({ period, repositories, sample, output: 'evidence' }), 'Command that makes the package')}
      <p>Whoever gets it checks it without a network and without us:</p>
      ${document('threatgate verify evidence --trust signing.pem.pub', 'Command that checks the package')}`,
  );
}

/** With the name that the download has. */
export const verifyCommand = ({
  from,
  to,
}: Period): string => `unzip evidence-${from.slice(0, 10)}-${to.slice(0, 10)}.zip -d evidence
threatgate verify evidence --trust signing.pem.pub`;
