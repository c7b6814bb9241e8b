package server

import (
	"io"
	"net/http"

	"lakehouse.invalid/peer/internal/matrix"
)

func (s *Server) matrixRoutes() map[string]route {
	m := s.matrix
	return map[string]route{
		"/v1/matrix/corpora": {http.MethodGet: onItself(m.List)},
		"/v1/matrix/corpora/{corpus}": {
			http.MethodPut:    withBody("corpus", matrix.CheckName, m.Put),
			http.MethodGet:    onPath("corpus", m.Get),
			http.MethodDelete: onPath("corpus", m.Drop),
		},
		"/v1/matrix/corpora/{corpus}/documents": {
			http.MethodGet:  s.listDocuments,
			http.MethodPost: s.takeDocuments,
		},
		"/v1/matrix/corpora/{corpus}/documents/{id}": {
			http.MethodGet:    onItem("corpus", m.GetDocument),
			http.MethodDelete: onItem("corpus", m.DeleteDocument),
		},
		"/v1/matrix/search":           {http.MethodPost: onBody(m.Search)},
		"/v1/matrix/retrieve":         {http.MethodPost: onBody(m.Retrieve)},
		"/vectors/search":             {http.MethodPost: onBody(m.LegacySearch)},
		"/vectors/hybrid":             {http.MethodPost: onBody(m.LegacyHybrid)},
		"/v1/matrix/playbooks/record": {http.MethodPost: onBody(m.Record)},
		"/v1/matrix/playbooks/{id}": {
			http.MethodGet:    onPath("id", m.GetRecording),
			http.MethodDelete: onPath("id", m.DeleteRecording),
		},
	}
}

func (s *Server) listDocuments(r *http.Request, _ string) (int, []byte, error) {
	var query []matrix.Parameter
	for name, value := range parameters(r.URL.RawQuery) {
		query = append(query, matrix.Parameter{Name: name, Value: value})
	}
	return s.matrix.ListIDs(r.PathValue("corpus"), query)
}

// takeDocuments reads a body of any length as it arrives.
func (s *Server) takeDocuments(r *http.Request, _ string) (int, []byte, error) {
	status, answer, err := s.matrix.Take(r.PathValue("corpus"), func() (io.Reader, error) {
		return r.Body, checkType(r, lineTypes, "application/x-ndjson")
	})
	if err != nil {
		drain(r)
	}
	return status, answer, err
}
