package understand

import (
	"bytes"
	"errors"
	"fmt"

	"lakehouse.invalid/peer/internal/fields"
	"lakehouse.invalid/peer/internal/rawjson"
)

const maxDepth = 128

var known = []string{"text", "vocabulary"}

// Lines answers lines. The understander of the last vocabulary is kept.
type Lines struct {
	Dictionary *Dictionary

	last   []byte
	lastIs *Understander
}

// Line appends the answer to a line.
func (l *Lines) Line(line, dst []byte) []byte {
	u, err := l.understand(line)
	if err != nil {
		return append(rawjson.AppendString(append(dst, `{"error":`...), err.Error()), '}')
	}
	return u.AppendJSON(dst)
}

func (l *Lines) understand(line []byte) (*Understanding, error) {
	v, err := rawjson.Parse(line, maxDepth)
	switch {
	case errors.Is(err, rawjson.ErrDepth):
		return nil, fmt.Errorf("input nests deeper than %d levels", maxDepth)
	case err != nil:
		return nil, errors.New("input line is not valid JSON")
	case v.Kind() != rawjson.Object:
		return nil, errors.New("input must be a JSON object")
	}
	members := v.Members()
	if name, ok := fields.Unknown(members, known); ok {
		return nil, fmt.Errorf("unknown field `%s`", name)
	}
	text, ok := members.Get("text")
	if !ok {
		return nil, errors.New("missing field `text`")
	}
	if text.Kind() != rawjson.String {
		return nil, errors.New("field `text` must be a string")
	}
	vocabulary, ok := members.Get("vocabulary")
	if !ok || vocabulary.Kind() == rawjson.Null {
		return New(l.Dictionary, Vocabulary{}).Understand(text.Text()), nil
	}
	if l.lastIs == nil || !bytes.Equal(l.last, vocabulary.Raw()) {
		read, ok := readVocabulary(vocabulary)
		if !ok {
			return nil, errors.New("field `vocabulary` must be a vocabulary")
		}
		l.last, l.lastIs = bytes.Clone(vocabulary.Raw()), New(l.Dictionary, read)
	}
	return l.lastIs.Understand(text.Text()), nil
}

func readVocabulary(v rawjson.Value) (read Vocabulary, ok bool) {
	if v.Kind() != rawjson.Object {
		return read, false
	}
	members := v.Members()
	if _, unknown := fields.Unknown(members, []string{"roles", "places"}); unknown {
		return read, false
	}
	if roles, has := members.Get("roles"); has {
		if roles.Kind() != rawjson.Array {
			return read, false
		}
		for role := range roles.Each() {
			if role.Kind() != rawjson.String {
				return read, false
			}
			read.Roles = append(read.Roles, role.Text())
		}
	}
	if places, has := members.Get("places"); has {
		if places.Kind() != rawjson.Array {
			return read, false
		}
		for place := range places.Each() {
			p, ok := readPlace(place)
			if !ok {
				return read, false
			}
			read.Places = append(read.Places, p)
		}
	}
	return read, true
}

func readPlace(v rawjson.Value) (p Place, ok bool) {
	if v.Kind() != rawjson.Object {
		return p, false
	}
	members := v.Members()
	if _, unknown := fields.Unknown(members, []string{"city", "state", "people"}); unknown {
		return p, false
	}
	city, _ := members.Get("city")
	state, _ := members.Get("state")
	people, _ := members.Get("people")
	if city.Kind() != rawjson.String || state.Kind() != rawjson.String || people.Kind() != rawjson.Number {
		return p, false
	}
	n, ok := people.Integer()
	return Place{city.Text(), state.Text(), n}, ok && n >= 0
}
