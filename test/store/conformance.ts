import { describe } from '@jest/globals';
import type { EngineUnderTest } from './bench.ts';
import { acceptsDeliveries } from './conformance/intake.ts';
import { enduresConcurrency } from './conformance/concurrency.ts';
import { keepsLedger } from './conformance/ledger.ts';
import { keepsState } from './conformance/state.ts';
import { migrates } from './conformance/migrations.ts';
import { queues } from './conformance/queue.ts';
import { queuesLikeItsModel } from './conformance/queue-model.ts';
import { removesChains } from './conformance/removal.ts';
import { resistsTampering } from './conformance/tampering.ts';

/** What every engine has to do, and does in the same way. */
export function describeStore(engine: EngineUnderTest): void {
  describe(`a store on ${engine.name}`, () => {
    describe('accepts deliveries', () => acceptsDeliveries(engine));
    describe('queues', () => queues(engine));
    describe('queues like its model', () => queuesLikeItsModel(engine));
    describe('keeps state', () => keepsState(engine));
    describe('keeps the ledger', () => keepsLedger(engine));
    describe('resists tampering', () => resistsTampering(engine));
    describe('removes chains', () => removesChains(engine));
    describe('endures concurrency', () => enduresConcurrency(engine));
    describe('migrates', () => migrates(engine));
  });
}
