// Package extract finds the JSON objects in a text that a language model
// wrote: outside of its reasoning, in fences first, and never inside an object
// that is broken.
package extract

import (
	"bytes"

	"lakehouse.invalid/peer/internal/rawjson"
	"lakehouse.invalid/peer/internal/text"
)

// MaxDepth is the number of levels that an object may nest.
const MaxDepth = 128

// Object returns the first JSON object in reply.
func Object(reply string) (rawjson.Value, bool) {
	for object := range Read(reply).Objects() {
		return object, true
	}
	return rawjson.Value{}, false
}

var fenceMark = []byte("```")

// piece is a part of the visible text: its offset and its bytes.
type piece struct {
	at   int
	text []byte
}

// passes returns the fences tagged json, the fences without a tag, and the
// whole text.
func passes(whole []byte) [3][]piece {
	var tagged, bare []piece
	rest := piece{0, whole}
	for {
		open := bytes.Index(rest.text, fenceMark)
		if open < 0 {
			return [3][]piece{tagged, bare, {{0, whole}}}
		}
		rest = rest.from(open + len(fenceMark))
		n := 0
		for n < len(rest.text) && isTag(rest.text[n]) {
			n++
		}
		tag := rest.text[:n]
		content := rest.from(n)
		// Without closing backticks the content extends to the end of the
		// text.
		rest = content.from(len(content.text))
		if end := bytes.Index(content.text, fenceMark); end >= 0 {
			rest = content.from(end + len(fenceMark))
			content.text = content.text[:end]
		}
		switch {
		case len(tag) == 0:
			bare = append(bare, content)
		case bytes.EqualFold(tag, []byte("json")):
			tagged = append(tagged, content)
		}
	}
}

func (p piece) from(n int) piece { return piece{p.at + n, p.text[n:]} }

func isTag(c byte) bool { return text.IsAlnum(c) || c == '_' || c == '+' || c == '-' }

// Line answers one line of the helper.
func Line(line, dst []byte) []byte {
	v, err := rawjson.Parse(line, 0)
	if err != nil || v.Kind() != rawjson.String {
		return append(dst, `{"error":"input line is not a JSON string"}`...)
	}
	object, ok := Object(v.Text())
	if !ok {
		return append(dst, `{"matched":false,"value":null}`...)
	}
	dst = append(dst, `{"matched":true,"value":`...)
	dst = object.AppendCompact(dst)
	return append(dst, '}')
}
