// Package vectorsearch is the surface of named indexes: it reads requests,
// runs them on a store of vectors and writes the answers.
package vectorsearch

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"unicode/utf8"

	"lakehouse.invalid/peer/internal/vectors"
	"lakehouse.invalid/peer/internal/wire"
)

var nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,63}$`)

// IsName reports whether an index may have that name.
func IsName(name string) bool { return nameForm.MatchString(name) }

// CheckName rejects a name that no index can have.
func CheckName(name string) error {
	if IsName(name) {
		return nil
	}
	return wire.BadRequest("index name must be 1 to 64 characters of `a-z0-9_-`, the first a letter or digit")
}

// ReadID returns the id of an item in a segment of a path; kind is its name in
// the error.
func ReadID(segment, kind string) (string, error) {
	id := Unescape(segment)
	if !utf8.ValidString(id) {
		return "", wire.BadRequest(kind + " id is not valid UTF-8")
	}
	return id, nil
}

// Unescape decodes a percent-encoded text. The escapes were checked when the
// path was read.
func Unescape(segment string) string {
	if plain, err := url.PathUnescape(segment); err == nil {
		return plain
	}
	return segment
}

func unknownIndex(name string) error {
	return &wire.Problem{Status: 404, Detail: fmt.Sprintf("unknown index `%s`", name)}
}

func noItem(name, id string) error {
	return &wire.Problem{Status: 404, Detail: fmt.Sprintf("index `%s` has no item `%s`", name, id)}
}

// Conflict is an index that exists with other properties than requested.
func Conflict(x *vectors.Index) error {
	detail := fmt.Sprintf("index `%s` exists with dimension %d, distance `%s`, backend `%s`, space %s",
		x.Name, x.Dimension, x.Distance, backend, vectors.SpaceName(x.Space))
	return &wire.Problem{Status: 409, Detail: detail}
}

// problemOf converts a store's error about an index to the contract's words.
func problemOf(err error, name string) error {
	var refusal *vectors.Refusal
	switch {
	case errors.Is(err, vectors.ErrUnknown):
		return unknownIndex(name)
	case errors.As(err, &refusal):
		return wire.BadRequest(fmt.Sprintf("item %d (`%s`): %s", refusal.Position, refusal.ID, refusal.Detail))
	}
	return err
}
