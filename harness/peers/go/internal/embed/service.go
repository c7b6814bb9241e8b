// Package embed turns texts into vectors.
package embed

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"lakehouse.invalid/peer/internal/ollama"
	"lakehouse.invalid/peer/internal/wire"
)

// DefaultModel is the ollama model of requests that name none.
const DefaultModel = "nomic-embed-text"

const ollamaName = "ollama"

// Upstream is a provider of vectors on another server.
type Upstream interface {
	// Embed returns one vector per text, unchanged from the model.
	Embed(ctx context.Context, model string, texts []string) ([][]float64, error)
}

// Service answers embed requests. Without an upstream it serves only the
// built-in model.
type Service struct {
	upstream Upstream
	cache    *cache
}

// New returns a service; upstream may be nil.
func New(upstream Upstream) *Service {
	return &Service{upstream, newCache(CacheBytes)}
}

// DefaultModel returns the model of requests that name none.
func (s *Service) DefaultModel() string {
	if s.upstream == nil {
		return HashModel
	}
	return DefaultModel
}

// Vectors returns the vectors of the request's texts in their order, and the
// model's name. Vectors of hash-768 are unit vectors; those of an upstream
// keep their magnitude, a deliberate difference from the contract.
func (s *Service) Vectors(req *Request) (model string, vectors [][]float64, err error) {
	model = s.DefaultModel()
	if req.Model != nil {
		model = *req.Model
	}
	switch {
	case model == HashModel:
		for _, t := range req.Texts {
			vectors = append(vectors, hashVector(t))
		}
		return model, vectors, nil
	case s.upstream == nil:
		return "", nil, unknownModel(model)
	}
	vectors, err = s.fetch(model, req.Texts)
	return model, vectors, err
}

// fetch takes vectors from the cache and the rest from the upstream, in one
// call, except for those that another request is already asking for.
func (s *Service) fetch(model string, texts []string) ([][]float64, error) {
	var keys []key
	seen := map[string]bool{}
	for _, t := range texts {
		if !seen[t] {
			seen[t] = true
			keys = append(keys, key{ollamaName, model, t})
		}
	}
	found, waiting, mine := s.cache.claim(keys)
	if len(mine) > 0 {
		vectors, err := s.ask(model, mine)
		s.cache.land(mine, vectors, err)
		if err != nil {
			return nil, err
		}
		for i, k := range mine {
			found[k] = vectors[i]
		}
	}
	for k, f := range waiting {
		<-f.done
		if f.err != nil {
			return nil, f.err
		}
		found[k] = f.vector
	}
	vectors := make([][]float64, len(texts))
	for i, t := range texts {
		vectors[i] = found[key{ollamaName, model, t}]
		// The model behind a name may have changed since a vector was cached.
		if len(vectors[i]) != len(vectors[0]) {
			return nil, &UpstreamError{ollama.ErrMalformed}
		}
	}
	return vectors, nil
}

// ask calls the upstream once. The call belongs to no request, because several
// may wait for its result.
func (s *Service) ask(model string, keys []key) ([][]float64, error) {
	texts := make([]string, len(keys))
	for i, k := range keys {
		texts[i] = k.text
	}
	vectors, err := s.upstream.Embed(context.Background(), model, texts)
	if err == nil && !wellFormed(vectors, len(texts)) {
		err = ollama.ErrMalformed
	}
	var answer ollama.StatusError
	switch {
	case err == nil:
		return vectors, nil
	case errors.As(err, &answer) && answer.Status == 404:
		return nil, wire.BadRequest(fmt.Sprintf("unknown model `%s`: %s answered status 404 to `POST %s`%s",
			model, ollamaName, ollama.EmbedPath, answer.AfterColon()))
	}
	return nil, &UpstreamError{err}
}

// UpstreamError is a failed call to the upstream. It is a problem with status
// 502.
type UpstreamError struct{ cause error }

func (e *UpstreamError) Error() string { return e.cause.Error() }

// As makes the error a problem.
func (e *UpstreamError) As(target any) bool {
	p, ok := target.(**wire.Problem)
	if ok {
		*p = &wire.Problem{Status: 502, Detail: e.Error()}
	}
	return ok
}

// OfText reports whether the upstream rejects its input.
func (e *UpstreamError) OfText() bool {
	var answer ollama.StatusError
	return errors.As(e.cause, &answer) && (answer.Status == 400 || answer.Status == 413 || answer.Status == 422)
}

// MayBeOfText reports whether a text of the call may be why it failed.
func (e *UpstreamError) MayBeOfText() bool {
	var answer ollama.StatusError
	return e.OfText() || errors.Is(e.cause, ollama.ErrMalformed) || errors.As(e.cause, &answer) && answer.Status == 500
}

// wellFormed reports whether there are count vectors, of one length, none of
// them empty or all zeros.
func wellFormed(vectors [][]float64, count int) bool {
	if len(vectors) != count {
		return false
	}
	return !slices.ContainsFunc(vectors, func(v []float64) bool {
		zero := !slices.ContainsFunc(v, func(x float64) bool { return x != 0 })
		return zero || len(v) != len(vectors[0])
	})
}

func unknownModel(model string) error {
	return wire.BadRequest(fmt.Sprintf("unknown model `%s`", model))
}
