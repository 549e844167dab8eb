import type { Route } from './call.ts';

interface Compiled {
  readonly route: Route;
  readonly pattern: RegExp;
  readonly names: readonly string[];
}

/** These may hold slashes: a branch, a pair of branches. A path may even be empty. */
const DEEP = new Set(['ref', 'branch', 'basehead']);

function compile(route: Route): Compiled {
  const names: string[] = [];
  const pattern = route.template.replace(/\{(\w+)\}/g, (_, name: string) => {
    names.push(name);
    if (name === 'path') return '(.*?)';
    return DEEP.has(name) ? '(.+?)' : '([^/]+)';
  });
  return { route, names, pattern: new RegExp(`^${pattern}$`) };
}

export interface Found {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

export type Router = (method: string, path: string) => Found | undefined;

export function createRouter(routes: readonly Route[]): Router {
  const compiled = routes.map(compile);
  return (method, path) => {
    for (const { route, pattern, names } of compiled) {
      if (route.method !== method) continue;
      const match = pattern.exec(path);
      if (!match) continue;
      const params = names.map((name, index): [string, string] => [name, decode(match[index + 1] ?? '')]);
      return { route, params: Object.fromEntries(params) };
    }
    return undefined;
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
