// Package extract finds the first JSON object in a text that a language model
// wrote.
package extract

import (
	"bytes"

	"lakehouse.invalid/peer/internal/rawjson"
	"lakehouse.invalid/peer/internal/text"
)

// MaxDepth is the number of levels that an object may nest.
const MaxDepth = 128

var fenceMark = []byte("```")

// fence is the text between two groups of three backticks.
type fence struct {
	tag, content []byte
}

// Object returns the first JSON object in reply: in a fence tagged json, else
// in a fence without a tag, else anywhere.
func Object(reply string) (rawjson.Value, bool) {
	whole := []byte(reply)
	all := fences(whole)
	for _, f := range all {
		if bytes.EqualFold(f.tag, []byte("json")) {
			if v, ok := rawjson.FindObject(f.content, MaxDepth); ok {
				return v, true
			}
		}
	}
	for _, f := range all {
		if len(f.tag) == 0 {
			if v, ok := rawjson.FindObject(f.content, MaxDepth); ok {
				return v, true
			}
		}
	}
	return rawjson.FindObject(whole, MaxDepth)
}

func fences(rest []byte) []fence {
	var all []fence
	for {
		_, behind, found := bytes.Cut(rest, fenceMark)
		if !found {
			return all
		}
		n := 0
		for n < len(behind) && isTag(behind[n]) {
			n++
		}
		f := fence{tag: behind[:n]}
		// Without closing backticks the content extends to the end of the
		// text.
		f.content, rest, _ = bytes.Cut(behind[n:], fenceMark)
		all = append(all, f)
	}
}

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
