package server

import (
	"net/http"

	"lakehouse.invalid/peer/internal/vectorsearch"
)

func (s *Server) vectorRoutes() map[string]route {
	v := s.vectors
	index := route{
		http.MethodPut:    withBody("index", vectorsearch.CheckName, v.Put),
		http.MethodGet:    onPath("index", v.Get),
		http.MethodDelete: onPath("index", v.Drop),
	}
	return map[string]route{
		"/v1/vectors/indexes":                      {http.MethodGet: onItself(v.List)},
		"/v1/vectors/indexes/{index}":              index,
		"/v1/vectors/indexes/{index}/items":        {http.MethodPost: withBody("index", vectorsearch.CheckName, v.Upsert)},
		"/v1/vectors/indexes/{index}/items/delete": {http.MethodPost: withBody("index", vectorsearch.CheckName, v.DeleteItems)},
		"/v1/vectors/indexes/{index}/items/{id}": {
			http.MethodGet:    onItem("index", v.GetItem),
			http.MethodDelete: onItem("index", v.DeleteItem),
		},
		"/v1/vectors/indexes/{index}/search": {http.MethodPost: withBody("index", vectorsearch.CheckName, v.Search)},
		"/vectors/index/{index}":             {http.MethodDelete: index[http.MethodDelete]},
	}
}

func onItself(answer func() (int, []byte, error)) handler {
	return func(*http.Request, string) (int, []byte, error) { return answer() }
}

func onPath(name string, answer func(name string) (int, []byte, error)) handler {
	return func(r *http.Request, _ string) (int, []byte, error) { return answer(r.PathValue(name)) }
}

func onItem(name string, answer func(name, segment string) (int, []byte, error)) handler {
	return func(r *http.Request, _ string) (int, []byte, error) {
		return answer(r.PathValue(name), r.PathValue("id"))
	}
}

func onBody(answer func(body []byte) (int, []byte, error)) handler {
	return func(r *http.Request, _ string) (int, []byte, error) {
		body, err := readBody(r)
		if err != nil {
			return 0, nil, err
		}
		return answer(body)
	}
}

// withBody checks the name before it reads the body.
func withBody(
	name string,
	check func(name string) error,
	answer func(name string, body []byte) (int, []byte, error),
) handler {
	return func(r *http.Request, trace string) (int, []byte, error) {
		value := r.PathValue(name)
		if err := check(value); err != nil {
			drain(r)
			return 0, nil, err
		}
		return onBody(func(body []byte) (int, []byte, error) { return answer(value, body) })(r, trace)
	}
}
