package extract

import (
	"bytes"
	"fmt"
	"iter"
	"unicode/utf8"

	"lakehouse.invalid/peer/internal/rawjson"
)

// Reply is a model's text and what is left of it without the reasoning.
type Reply struct {
	raw     []byte
	visible []byte
	hidden  []span // the hidden parts of raw; each is one space in visible
}

// Read reads a reply.
func Read(raw string) *Reply {
	r := &Reply{raw: []byte(raw)}
	r.hidden = reasoning(r.raw)
	if len(r.hidden) == 0 {
		r.visible = r.raw
		return r
	}
	at := 0
	for _, h := range r.hidden {
		r.visible = append(r.visible, r.raw[at:h.start]...)
		r.visible = append(r.visible, ' ')
		at = h.end
	}
	r.visible = append(r.visible, r.raw[at:]...)
	return r
}

// Objects iterates over the objects of the reply in the order in which they
// count. Those of a fence come again with the whole text.
func (r *Reply) Objects() iter.Seq[rawjson.Value] {
	return func(yield func(rawjson.Value) bool) {
		for _, pass := range passes(r.visible) {
			for _, p := range pass {
				for f := range finds(p.text) {
					if f.object == nil {
						continue
					}
					// A complete draft is valid once its control characters
					// are escaped.
					object, err := rawjson.Parse(escapeControls(f.object), MaxDepth)
					if err == nil && !yield(object) {
						return
					}
				}
			}
		}
	}
}

// WhyNone describes, for the model, why the reply has no object.
func (r *Reply) WhyNone() string {
	tooDeep := false
	for _, pass := range passes(r.visible) {
		what, at := "", 0
		for _, p := range pass {
			for f := range finds(p.text) {
				switch {
				case f.tooDeep:
					tooDeep = true
				case f.object == nil:
					what, at = describe(p.text, f.fault)
					at += p.at
				}
			}
		}
		if what != "" {
			line, column := r.place(at)
			return fmt.Sprintf("its JSON is not valid at line %d, column %d: %s", line, column, what)
		}
	}
	switch {
	case tooDeep:
		return fmt.Sprintf("its JSON nests deeper than %d levels", MaxDepth)
	case len(r.hidden) > 0 && len(bytes.Trim(r.visible, " \t\n\r")) == 0:
		return "it has no answer after its reasoning"
	}
	return "no JSON object was found in it"
}

// place returns the line and column in the raw text of an offset in the
// visible one.
func (r *Reply) place(visible int) (line, column int) {
	offset := visible
	for _, h := range r.hidden {
		if offset <= h.start {
			break
		}
		offset += h.end - h.start - 1
	}
	before := r.raw[:offset]
	lineStart := bytes.LastIndexByte(before, '\n') + 1
	return bytes.Count(before, []byte("\n")) + 1, utf8.RuneCount(before[lineStart:]) + 1
}

// escapeControls writes the control characters in the strings of an object as
// escapes.
func escapeControls(object []byte) []byte {
	if bytes.IndexFunc(object, func(r rune) bool { return r < ' ' }) < 0 {
		return object
	}
	var out []byte
	quoted := false
	for i := 0; i < len(object); i++ {
		c := object[i]
		switch {
		case quoted && c < ' ':
			escaped := rawjson.AppendString(nil, string(rune(c)))
			out = append(out, escaped[1:len(escaped)-1]...)
			continue
		case quoted && c == '\\':
			out = append(out, c)
			i++
			c = object[i]
		case c == '"':
			quoted = !quoted
		}
		out = append(out, c)
	}
	return out
}
