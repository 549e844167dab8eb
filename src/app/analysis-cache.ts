import type { Analysis } from '../core/assess.ts';
import type { AnalysisCache } from '../review/deps.ts';

/** The last so many analyses; whoever was asked for longest ago goes first. */
export function createAnalysisCache(most: number): AnalysisCache {
  const kept = new Map<string, Analysis>();
  return {
    get: (key) => {
      const analysis = kept.get(key);
      if (analysis) {
        kept.delete(key);
        kept.set(key, analysis);
      }
      return analysis;
    },
    set: (key, analysis) => {
      kept.delete(key);
      kept.set(key, analysis);
      for (const oldest of kept.keys()) {
        if (kept.size <= most) break;
        kept.delete(oldest);
      }
    },
  };
}
