// The browsable API's forms: sends what was written, with its method, and shows the answer in place.

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-method]");
  if (!form) return;
  event.preventDefault();
  const button = event.submitter;
  button.disabled = true;
  const { csrf, etag } = document.querySelector("[data-api]").dataset;
  try {
    const answer = await fetch(form.action, {
      method: form.dataset.method,
      headers: {
        Accept: "text/html",
        "Content-Type": "application/json",
        "X-CSRFToken": csrf,
        ...(etag && { "If-Match": etag }), // what the page shows is what is changed
      },
      body: form.elements.content?.value,
    });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const main = page.querySelector("main");
    if (main) document.querySelector("main").replaceWith(main);
    else location.assign(form.action); // an answer without a body, such as 204
    main?.focus();
  } finally {
    button.disabled = false;
  }
});
