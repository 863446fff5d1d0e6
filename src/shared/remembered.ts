/**
 * A function of one value that keeps its latest answers: days, roles and units come again and again in a long list. All are
 * let go when there are many.
 */
export function remembered<Value, Answer>(work: (value: Value) => Answer): (value: Value) => Answer {
  const known = new Map<Value, Answer>();
  return (value) => {
    const found = known.get(value);
    if (found !== undefined) return found;
    const answer = work(value);
    if (known.size >= mostKept) known.clear();
    known.set(value, answer);
    return answer;
  };
}

const mostKept = 2_000;
