/** Colours and measures: light, dark, and what paper wants. Every text colour has at least 4.5 : 1 on what it stands on. */
export const TOKENS = `
:root {
  color-scheme: light dark;
  --page: #f4f6f8; --surface: #ffffff; --sunken: #eef1f5;
  --ink: #16202c; --muted: #505c6b; --line: #d4dae2; --edge: #8a96a5;
  --accent: #0b5394; --accent-ink: #ffffff; --focus: #0b5394;
  --good: #17602e; --good-bg: #e7f4ea; --good-line: #8cc29c;
  --calm: #414d5b; --calm-bg: #edf0f3; --calm-line: #b7c0ca;
  --notice: #0a4a85; --notice-bg: #e6f0fa; --notice-line: #93bce3;
  --warning: #744600; --warning-bg: #fdf2db; --warning-line: #dcb05a;
  --bad: #9c1420; --bad-bg: #fdebec; --bad-line: #e39aa0;
  --bar-plain: #0b5394; --bar-pale: #9db4cb; --bar-striped: #b06f00; --bar-crossed: #b3202e; --bar-dotted: #5b6673;
  --pattern: #ffffff;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "DejaVu Sans", sans-serif;
  --mono: ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  --room: 1rem; --radius: 4px;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0e1319; --surface: #161c24; --sunken: #1d242e;
    --ink: #e5eaf0; --muted: #a3afbd; --line: #2c3642; --edge: #66727f;
    --accent: #86bdf6; --accent-ink: #0e1319; --focus: #86bdf6;
    --good: #8bd6a0; --good-bg: #122a1a; --good-line: #2f6b41;
    --calm: #bcc6d1; --calm-bg: #222a34; --calm-line: #475361;
    --notice: #93c6f9; --notice-bg: #0f2539; --notice-line: #2d5c88;
    --warning: #f0c365; --warning-bg: #2f2409; --warning-line: #7a5d1c;
    --bad: #ffa3a8; --bad-bg: #3a1418; --bad-line: #8a3b42;
    --bar-plain: #6aa9e9; --bar-pale: #4c6178; --bar-striped: #d79a36; --bar-crossed: #e4616b; --bar-dotted: #8b96a3;
    --pattern: #0e1319;
  }
}
`;
