/* What the figures of a training are called and mean, in the field's words; curves of one group share an axis. */
"use strict";
(() => {
  const gw = window.genworld;

  /*
   * key     how a curve's name begins, or is
   * group   curves of one group share an axis: its heading
   * share   whether it is a share of 1, shown in per cent
   */
  const WORDS = [
    { key: "loss", group: "Loss, nats", title: "Loss", about: "What training lowers: of a VAE surprise plus divergence, of a flow the surprise of slightly blurred examples. Lower is better, until the samples only repeat the examples." },
    { key: "surprise", group: "Loss, nats", title: "Surprise", about: "How unlikely the examples look to the model once it has seen them (reconstruction, in nats)." },
    { key: "divergence", group: "Divergence, nats", title: "Divergence", about: "How much the codes of examples differ from pure chance (Kullback-Leibler, in nats). Near 0, the sliders would change nothing." },
    { key: "bits", group: "Bits per dimension", title: "Bits", about: "What a number of an example (of a level, a tile) costs to tell: a bound on its likelihood in bits, counted while learning. Lower is better." },
    { key: "generator", group: "Losses", title: "Generator", about: "Loss of the network that makes samples. It and the discriminator keep each other in balance; neither needs to fall." },
    { key: "discriminator", group: "Losses", title: "Discriminator", about: "Loss of the network that tells samples from examples. Near 0 it has won, and the generator learns no more." },
    { key: "advantage", group: "Advantage of the real", title: "Advantage", about: "How much better examples score than samples. Near 0 the discriminator cannot tell them apart." },
    { key: "penalty", group: "Gradient penalty", title: "Penalty", about: "How steep the discriminator is around examples (R1). Kept low, training stays calm." },
    { key: "contexts", group: "Contexts", title: "Contexts", about: "Neighbourhoods of cells that were counted so far." },
    { key: "bits", group: "Bits per tile", title: "Bits", about: "How unlikely the examples look to the model, in bits for each of their tiles. Lower is better, until the samples only repeat the examples." },
    { key: "look-alikes", group: "Shares", title: "Look-alikes", share: true, about: "Share of samples that look like another sample. It rises when training collapses." },
    { key: "variety", group: "Shares", title: "Variety", share: true, about: "How far the samples are from each other, against the examples. 100% is as varied as they are." },
    { key: "near copies", group: "Shares", title: "Near copies", share: true, about: "Share of samples that are almost an example of the training data. Lower is better." },
    { key: "exact copies", group: "Shares", title: "Exact copies", share: true, about: "Share of samples that are an example of the training data." },
    { key: "excess copies", group: "Shares", title: "Excess copies", share: true, about: "Near copies beyond those that real examples are of each other." },
    { key: "unique", group: "Shares", title: "Unique", share: true, about: "Share of distinct samples among those looked at. It falls when training collapses." },
    { key: "adaptive", group: "Augmentation", title: "Augmentation", share: true, about: "How often examples are changed before the discriminator sees them, so that it cannot learn a few by heart." },
    { key: "changed", group: "Augmentation", title: "Changed", share: true, about: "How often examples are changed before the discriminator sees them, so that it cannot learn a few by heart." },
    { key: "augmentation", group: "Augmentation", title: "Augmentation", share: true, about: "How often examples are changed before the discriminator sees them, so that it cannot learn a few by heart." },
  ];

  /* A distance is measured to both halves of the data. */
  const APART = {
    training: { title: "To training", about: "How far the samples are from the examples that it learns from. Lower is better." },
    "held-out": { title: "To held-out", about: "How far the samples are from examples that it never saw. Where this rises while the other falls, it learns by heart." },
  };

  /* Headings of distances, by what is compared. */
  const DISTANCES = {
    mmd: "Distance from real sprites",
    "shape mmd": "Distance of shapes",
    "colour mmd": "Distance of colours",
    "pattern distance": "Distance of patterns",
  };

  /* What a designer looks at first stands first; the rest stays in its order behind. */
  const FIRST = [...Object.values(DISTANCES), "Shares", "Loss, nats", "Losses"];
  gw.curvePlace = (group) => (FIRST.includes(group) ? FIRST.indexOf(group) : FIRST.length);

  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

  /* {group, title, about, share} of a curve; one that is not known stands by itself under its own name. */
  gw.curveWords = (name) => {
    const plain = name.toLowerCase().replaceAll("_", " ");
    const apart = plain.match(/^(.+) to (training|held-out)$/);
    if (apart) return { group: DISTANCES[apart[1]] ?? capital(apart[1]), share: false, ...APART[apart[2]] };
    const words = WORDS.find(({ key }) => plain === key) ?? WORDS.find(({ key }) => plain.startsWith(key));
    const title = capital(name.replaceAll("_", " "));
    return words ? { title, ...words } : { group: title, title, about: "", share: false };
  };

  /* 1234567 steps: in full, and short. */
  gw.stepInWords = (step) => step.toLocaleString("en");
  gw.shortStep = (step) => (step < 1000 ? String(step) : step < 1e6 ? `${Number((step / 1000).toPrecision(3))}k` : `${Number((step / 1e6).toPrecision(3))}M`);
})();
