// Unpacks the data that tiltaksstatistikk/export/page.py packed, and finds series in it. A series is one cell of one
// unit in all weeks: 0 is nobody, 1 is suppressed, and n + 1 is n (times the scale of the relation).

export const SUPPRESSED = 1;
const WORDS = { tiltak: "TILTAKSTYPE", innsats: "INNSATSGRUPPE", avdeling: "AVDELING" };
const COLUMNS = { tiltak: "tiltakskode", innsats: "innsatsgruppe_kode", avdeling: "avdeling_navn" };
export const KEYS = Object.keys(WORDS);

export async function unpack(base64) {
  const text = atob(base64);
  const packed = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) packed[i] = text.charCodeAt(i);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const raw = new Uint8Array(await new Response(stream).arrayBuffer());
  const length = new DataView(raw.buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(raw.subarray(4, 4 + length)));
  return prepare(header, raw.subarray(4 + length));
}

/** Fills `numbers` from the differences at `at`, and returns where the next series begins. */
function decode(bytes, at, numbers) {
  const next = () => {
    let number = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      number |= (byte & 127) << shift;
      if (byte < 128) return number;
    }
  };
  let value = 0;
  for (let filled = 0; filled < numbers.length; ) {
    const token = next();
    const count = token === 0 ? next() : 1;
    value += (token >>> 1) ^ -(token & 1);
    numbers.fill(value, filled, filled + count);
    filled += count;
  }
  return at;
}

function prepare(header, bytes) {
  const weekCount = header.uker.length;
  // Two tiltakstyper may be called the same: then the code is in the name too.
  for (const list of [header.tiltak, header.innsats]) {
    const names = list.map(([, name]) => name);
    for (const entry of list)
      if (names.indexOf(entry[1]) !== names.lastIndexOf(entry[1])) entry[1] = `${entry[1]} (${entry[0]})`;
  }
  const blocks = new Map(header.blokker.map((block) => [`${block.relasjon}/${block.gruppering}`, block]));

  const keyColumn = (block, column) => {
    const numbers = new Int32Array(block.antall);
    decode(bytes, block.kolonner[column][0], numbers);
    return numbers;
  };

  /** Keys of a block's series, and which of them each unit has: found when the block is first asked for. */
  const index = (block) => {
    if (block.index) return block.index;
    const units = keyColumn(block, "enhet");
    const keys = KEYS.filter((key) => COLUMNS[key] in block.kolonner).map((key) => [
      key,
      keyColumn(block, COLUMNS[key]),
    ]);
    const ranges = new Map();
    units.forEach((unit, series) => {
      if (!ranges.has(unit)) ranges.set(unit, [series, series]);
      ranges.get(unit)[1] = series + 1;
    });
    return (block.index = { keys, ranges, starts: {} });
  };

  const starts = (block, column) => {
    const known = index(block).starts;
    if (known[column]) return known[column];
    const places = new Int32Array(block.antall);
    const unused = new Int32Array(weekCount);
    let at = block.kolonner[column][0];
    for (let series = 0; series < block.antall; series++) {
      places[series] = at;
      at = decode(bytes, at, unused);
    }
    return (known[column] = places);
  };

  const read = (block, column, series) => {
    const numbers = new Int32Array(weekCount);
    decode(bytes, starts(block, column)[series], numbers);
    const minus = block.kolonner[column][2];
    if (minus) read(block, minus, series).forEach((number, week) => (numbers[week] += number));
    return numbers;
  };

  const blockOf = (relation, keys) =>
    blocks.get(
      `${relation}/${
        KEYS.filter((key) => key in keys)
          .map((key) => WORDS[key])
          .join("_") || "INGEN"
      }`,
    );

  /** Whether some unit of those that `isAsked` names has a number that is not 0. */
  const hasAnyone = (relation, column, isAsked) =>
    [...blocks.values()].some(
      (block) =>
        block.relasjon === relation &&
        column in block.kolonner &&
        [...index(block).ranges].some(
          ([unit, [from, to]]) =>
            isAsked(unit) &&
            Array.from({ length: to - from }, (_, at) => read(block, column, from + at)).some((numbers) =>
              numbers.some(Boolean),
            ),
        ),
    );

  const known = new Map();
  /** Whether units of a level have numbers by these keys. If nobody is there at all, there are no rows to tell by. */
  const isShown = (relation, column, level, keys) => {
    const block = blockOf(relation, keys);
    const name = `${relation}/${column}/${level}/${block?.gruppering}`;
    if (!known.has(name))
      known.set(
        name,
        (block && [...index(block).ranges.keys()].some((unit) => header.enheter[unit][0] === level)) ||
          !hasAnyone(relation, column, (unit) => header.enheter[unit][0] === level),
      );
    return known.get(name);
  };

  const offered = header.enheter.map(
    ([level], at) =>
      level !== "KONTOR" ||
      hasAnyone("deltakelse", "person_antall", (unit) => unit === at) ||
      hasAnyone("venteliste", "vent_antall", (unit) => unit === at),
  );

  return {
    ...header,
    isShown,
    /** Whether a unit can be chosen: some offices only have places, which others' people use. */
    isOffered: (unit) => Boolean(offered[unit]),
    /** One number for each week, or null where there is nobody in any of them. `keys` are numbers by dimension. */
    series(relation, column, unit, keys) {
      const level = header.enheter[unit][0];
      if (!isShown(relation, column, level, keys))
        throw new Error(`Not shown: ${relation} of ${level} by ${Object.keys(keys).join(", ")}`);
      const block = blockOf(relation, keys);
      const [from, to] = (block && index(block).ranges.get(unit)) || [0, 0];
      for (let series = from; series < to; series++)
        if (block.index.keys.every(([key, numbers]) => numbers[series] === keys[key]))
          return read(block, column, series);
      return null;
    },
    scale: (relation, keys) => blockOf(relation, keys)?.skala ?? 1,
    /** The avdelinger that a unit has in a relation, in any week. */
    avdelinger(relation, unit) {
      const block = blocks.get(`${relation}/AVDELING`);
      const range = block && index(block).ranges.get(unit);
      return range ? [...index(block).keys[0][1].subarray(...range)] : [];
    },
  };
}
