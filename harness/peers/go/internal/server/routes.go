package server

import (
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"lakehouse.invalid/peer/internal/embed"
	"lakehouse.invalid/peer/internal/fields"
	"lakehouse.invalid/peer/internal/rawjson"
	"lakehouse.invalid/peer/internal/roster"
	"lakehouse.invalid/peer/internal/validate"
	"lakehouse.invalid/peer/internal/wire"
)

// handler answers a request with a status and a JSON body, or with a problem.
type handler func(r *http.Request, trace string) (int, []byte, error)

// route has the handlers of a path by method.
type route map[string]handler

// surface has the routes whose path is fixed. http.ServeMux would redirect
// paths that are nearly right, which the contract does not permit.
func (s *Server) surface() map[string]route {
	return map[string]route{
		"/health":                    {http.MethodGet: s.health},
		"/v1/embed":                  {http.MethodPost: s.embedIn(embed.Current)},
		"/ai/embed":                  {http.MethodPost: s.embedIn(embed.Legacy)},
		"/v1/validate":               {http.MethodPost: s.validate},
		"/v1/validate/roster/reload": {http.MethodPost: s.reload},
		"/v1/iterate":                {http.MethodPost: s.runIterate},
	}
}

func (s *Server) answer(w http.ResponseWriter, r *http.Request, trace string) (int, []byte, error) {
	path := rawPath(r)
	methods := s.match(r, path)
	if len(methods) == 0 {
		return 0, nil, &wire.Problem{Status: 404, Detail: fmt.Sprintf("no route for `%s %s`", r.Method, path)}
	}
	handle, ok := methods[r.Method]
	if !ok && r.Method == http.MethodHead {
		// HEAD is GET without the body, which net/http leaves out.
		handle, ok = methods[http.MethodGet]
	}
	if !ok {
		allowed := inOrder(methods)
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		detail := fmt.Sprintf("`%s` is not allowed on `%s`; allowed: %s", r.Method, path, fields.List(allowed))
		return 0, nil, &wire.Problem{Status: 405, Detail: detail}
	}
	return handle(r, trace)
}

// inOrder lists methods in the contract's order, with HEAD after GET.
func inOrder(methods map[string]handler) []string {
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
		if _, ok := methods[method]; ok {
			allowed = append(allowed, method)
		}
		if method == http.MethodGet && len(allowed) > 0 {
			allowed = append(allowed, http.MethodHead)
		}
	}
	return allowed
}

// rawPath returns the undecoded path, without the query.
func rawPath(r *http.Request) string {
	if !strings.HasPrefix(r.RequestURI, "/") {
		return r.URL.EscapedPath()
	}
	path, _, _ := strings.Cut(r.RequestURI, "?")
	return path
}

func (s *Server) health(*http.Request, string) (int, []byte, error) {
	body := append([]byte(nil), `{"status":"ok","service":"gateway","version":`...)
	body = rawjson.AppendString(body, s.config.Version)
	return 200, append(body, '}'), nil
}

func (s *Server) embedIn(d embed.Dialect) handler {
	return func(r *http.Request, _ string) (int, []byte, error) {
		body, err := readBody(r)
		if err != nil {
			return 0, nil, err
		}
		answer, err := s.embed.Respond(body, d)
		return 200, answer, err
	}
}

func (s *Server) validate(r *http.Request, _ string) (int, []byte, error) {
	all, err := readQuery(r.URL.RawQuery)
	if err != nil {
		return 0, nil, err
	}
	body, err := readBody(r)
	if err != nil {
		return 0, nil, err
	}
	return validate.Respond(body, all, s.roster.Load())
}

// readQuery returns the parameter `all`; the last one when it repeats.
func readQuery(query string) (bool, error) {
	value, given := "", false
	for name, v := range parameters(query) {
		if name != "all" {
			return false, wire.BadRequest(fmt.Sprintf("unknown query parameter `%s`; expected one of `all`", name))
		}
		value, given = v, true
	}
	if given && value != "true" && value != "false" {
		return false, wire.BadRequest("query parameter `all` must be `true` or `false`")
	}
	return value == "true", nil
}

// parameters returns the names and values of a query in their order, decoded.
func parameters(query string) iter.Seq2[string, string] {
	return func(yield func(name, value string) bool) {
		for pair := range strings.SplitSeq(query, "&") {
			if pair == "" {
				continue
			}
			name, value, _ := strings.Cut(pair, "=")
			if !yield(unescape(name), unescape(value)) {
				return
			}
		}
	}
}

// unescape keeps malformed escapes unchanged.
func unescape(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}

func (s *Server) reload(*http.Request, string) (int, []byte, error) {
	workers, err := roster.Load(s.config.RosterFile)
	if err != nil {
		return 0, nil, &wire.Problem{Status: 422, Detail: err.Error()}
	}
	s.roster.Store(workers)
	body := strconv.AppendInt([]byte(`{"workers":`), int64(workers.Len()), 10)
	return 200, append(body, '}'), nil
}

func (s *Server) runIterate(r *http.Request, trace string) (int, []byte, error) {
	body, err := readBody(r)
	if err != nil {
		return 0, nil, err
	}
	return s.iterate.Respond(body, trace, s.roster.Load())
}
