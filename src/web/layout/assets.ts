import type { Asset } from '../context.ts';
import { SCRIPT_TEXT } from './script.ts';
import { BASE_STYLES } from './styles/base.ts';
import { DRAWINGS } from './styles/drawings.ts';
import { MEDIA } from './styles/media.ts';
import { PARTS } from './styles/parts.ts';
import { TOKENS } from './styles/tokens.ts';

export const STYLES: Asset = {
  name: 'pages.css',
  type: 'text/css',
  text: [TOKENS, BASE_STYLES, PARTS, DRAWINGS, MEDIA].join('\n'),
};

export const SCRIPT: Asset = { name: 'pages.js', type: 'text/javascript', text: SCRIPT_TEXT };

/** Everything that pages load besides themselves. */
export const ASSETS: readonly Asset[] = [STYLES, SCRIPT];
