package vectors

import (
	"fmt"
	"unique"

	"lakehouse.invalid/peer/internal/rawjson"
)

// Item is a vector with its id, metadata and text. It does not change once it
// is in an index. Text is nil for an item that is not a document.
type Item struct {
	ID       string
	Vector   []float32
	Metadata rawjson.Value
	Text     *string

	members rawjson.Members
	slot    int // its place in the index's list
}

// Members returns the members of the metadata.
func (i *Item) Members() rawjson.Members { return i.members }

// EmptyMetadata is the metadata of an item without any.
var EmptyMetadata = mustParse("{}")

// ParseMetadata returns an object as it is stored: its own text without white
// space.
func ParseMetadata(v rawjson.Value) rawjson.Value {
	return mustParse(string(v.AppendCompact(nil)))
}

func mustParse(text string) rawjson.Value {
	v, err := rawjson.Parse([]byte(text), 0)
	if err != nil {
		panic(err)
	}
	return v
}

// Spec has the properties of an index. A nil Space means none.
type Spec struct {
	Dimension int
	Distance  Distance
	Space     *string
}

// Same reports whether two specs are equal.
func (s Spec) Same(other Spec) bool {
	return s.Dimension == other.Dimension && s.Distance == other.Distance && SameSpace(s.Space, other.Space)
}

// SameSpace reports whether two spaces are equal, or both nil.
func SameSpace(a, b *string) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// Refusal is a rejected vector; Position counts the items of a request.
type Refusal struct {
	Position int
	ID       string
	Detail   string
}

func (r *Refusal) Error() string { return r.Detail }

// Vector is a vector as read: its components as floats, and the position of
// the first one beyond ±10¹⁵, or -1.
type Vector struct {
	Components []float32
	Beyond     int
}

// largest is the maximum size of a component.
const largest = 1e15

// FromFloats returns an embedder's vector.
func FromFloats(floats []float64) Vector {
	v := Vector{Components: make([]float32, len(floats)), Beyond: -1}
	for i, f := range floats {
		if v.Components[i] = float32(f); v.Beyond < 0 && !(-largest <= f && f <= largest) {
			v.Beyond = i
		}
	}
	return v
}

// check returns the reason why the index with that name and spec rejects v, if
// it does.
func (s Spec) check(name string, v Vector) error {
	detail := ""
	switch {
	case len(v.Components) != s.Dimension:
		detail = fmt.Sprintf("vector has %d components, index `%s` has %d", len(v.Components), name, s.Dimension)
	case v.Beyond >= 0:
		detail = fmt.Sprintf("component %d of the vector is not within ±1e15", v.Beyond)
	case s.Distance == Cosine && norm(v.Components) == 0:
		detail = "vector is zero and has no direction"
	default:
		return nil
	}
	return &Refusal{Detail: detail}
}

// prepare converts checked components to an item of an index.
func (s Spec) prepare(item *Item) {
	item.Vector = s.Distance.prepare(item.Vector)
	item.index()
}

// index derives the values that searches need.
func (i *Item) index() {
	i.members = i.Metadata.Members()
	for m := range i.members {
		// Most items have the same few names.
		i.members[m].Name = unique.Make(i.members[m].Name).Value()
	}
}
