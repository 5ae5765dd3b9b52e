// Says that the server did not answer as it should.
//
// On its own because a module that a page loads and another one imports runs twice: the addresses differ.

export function tellFailure() {
  const place = document.querySelector(".messages"), line = document.createElement("p");
  line.className = "message error";
  line.textContent = place.dataset.failed;
  place.replaceChildren(line);
}
