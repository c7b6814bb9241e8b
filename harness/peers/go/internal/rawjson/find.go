package rawjson

import "bytes"

// FindObject returns the first complete object in text, which may be any
// UTF-8, and whether there is one. An object of more than maxDepth levels ends
// the search without an answer. Its time is proportional to the text's length.
func FindObject(text []byte, maxDepth int) (Value, bool) {
	seen := memo{}
	for i := 0; ; i++ {
		next := bytes.IndexByte(text[i:], '{')
		if next < 0 {
			return Value{}, false
		}
		i += next
		s, ok := scan(text, i, seen)
		if !ok {
			continue
		}
		if int(s.height) > maxDepth {
			return Value{}, false
		}
		return Value{raw: text[i:s.end], depth: int(s.height)}, true
	}
}
