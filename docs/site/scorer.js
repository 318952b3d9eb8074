// What one does comes before what one looks up, and both before how Proxeny is built and what changed.
var Scorer = {
  score: function (result) {
    const [page, , , , score, , kind] = result;
    const places = [
      [/how-to\/questions/, 14], [/how-to\/run-an-installation/, 8], [/how-to\//, 20], [/tutorials\//, 10], [/explanation\//, 6],
      [/reference\/(command-line|configuration|api)$/, 12], [/decisions\//, -10], [/roadmap$|CHANGELOG$|CONTRIBUTING$|docs\/README$/, -15],
    ];
    const place = places.find(([pattern]) => pattern.test(page));
    // The words asked for, one after the other in a heading, say more than each somewhere on a page.
    return score + (place ? place[1] : 0) + (kind === "title" ? 12 : 0);
  },
  objNameMatch: 11, objPartialMatch: 6, objPrio: { 0: 15, 1: 5, 2: -5 }, objPrioDefault: 0,
  title: 15, partialTitle: 7, term: 5, partialTerm: 2,
};
