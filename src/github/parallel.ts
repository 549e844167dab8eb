/** Works through a list, so many at the same time. After a failure nothing more is started. */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const lane = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift())
      try {
        await work(item);
      } catch (error) {
        queue.length = 0;
        throw error;
      }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
}
