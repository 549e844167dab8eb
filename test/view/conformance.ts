import { describe } from '@jest/globals';
import type { EngineUnderTest } from './bench.ts';
import { equalsTheReference, SMALL } from './equivalence.ts';
import { knowsFormerNames } from './names.ts';
import { refusesForgedPlaces } from './places.ts';
import { takesIn } from './taking-in.ts';

/** What every engine has to do, and does in the same way. `runs`: of each property. */
export function describeView(engine: EngineUnderTest, runs: number): void {
  describe(`a view on ${engine.name}`, () => {
    describe('as it is', () => equalsTheReference(engine, runs));
    describe('a little at a time, repository by repository', () => equalsTheReference(engine, runs, SMALL));
    describe('takes in what is recorded', () => takesIn(engine));
    describe('knows former names', () => knowsFormerNames(engine));
    describe('refuses forged places', () => refusesForgedPlaces(engine));
  });
}
