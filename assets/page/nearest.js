/* The nearest training example, beside what is said of a tile in its large view. It is asked for once the view rests on a
   tile, so that whoever leafs through many waits for none. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const REST_MS = 250;
  const REMEMBERED = 64;
  const BOX = { width: 192, height: 128 };
  const answers = new Map();

  const key = (tile) => `${gw.rootOf(tile).checkpoint} ${tile.digest} ${tile.art ?? ""}`;

  async function ask(tile) {
    const known = answers.get(key(tile));
    if (known) return known;
    const answer = await gw.explore.ask("nearest", gw.explore.named([tile])[0]);
    answers.set(key(tile), answer);
    if (answers.size > REMEMBERED) answers.delete(answers.keys().next().value);
    return answer;
  }

  function picture({ shown }) {
    const scale = gw.wholeScale(shown.width, shown.height, BOX.width, BOX.height);
    return el("figure", { class: "gw-nearest" }, el("span", { class: "gw-nearest-frame" }, gw.picture(shown, scale)), el("figcaption", { class: "gw-quiet", text: shown.words }));
  }

  /* The last row of a list of facts; `show` says it of another tile. */
  gw.nearestRow = (facts) => {
    let latest = 0;
    let timer = 0;

    function put({ words, about, shown }) {
      const told = el("dd", { id: "nearest-told", title: about }, el("span", { text: words }));
      if (shown) told.append(picture({ shown }));
      facts.append(el("dt", { text: "Nearest training example", title: about }), told);
    }

    return {
      show(tile) {
        const mine = ++latest;
        clearTimeout(timer);
        const known = answers.get(key(tile));
        if (known) return known.words && put(known);
        timer = setTimeout(async () => {
          // What cannot be told is left out: the view has enough to say.
          const answer = await ask(tile).catch(() => null);
          if (mine === latest && answer?.words) put(answer);
        }, REST_MS);
      },
      stop() {
        latest += 1;
        clearTimeout(timer);
      },
    };
  };
})();
