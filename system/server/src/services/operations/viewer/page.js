SwaggerUIBundle({
  // Relative, so that the page also works below a prefix that a proxy removes.
  url: "openapi.json",
  dom_id: "#page",
  deepLinking: true,
  // Schemas are shown with the operations that use them.
  defaultModelsExpandDepth: 0,
  // By default the document's URL is sent to validator.swagger.io.
  validatorUrl: null,
});
