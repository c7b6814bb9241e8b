package vectorsearch

import (
	"strconv"

	"lakehouse.invalid/peer/internal/rawjson"
	"lakehouse.invalid/peer/internal/vectors"
)

func appendDescription(dst []byte, x *vectors.Index) []byte {
	dst = append(dst, `{"name":`...)
	dst = rawjson.AppendString(dst, x.Name)
	dst = append(dst, `,"dimension":`...)
	dst = strconv.AppendInt(dst, int64(x.Dimension), 10)
	dst = append(dst, `,"distance":`...)
	dst = rawjson.AppendString(dst, string(x.Distance))
	dst = append(dst, `,"backend":"`+backend+`","space":`...)
	dst = AppendStringOrNull(dst, x.Space)
	dst = append(dst, `,"items":`...)
	dst = strconv.AppendInt(dst, int64(x.Len()), 10)
	return append(dst, '}')
}

func appendIndexes(list []*vectors.Index) []byte {
	dst := []byte(`{"indexes":`)
	return append(AppendArray(dst, list, appendDescription), '}')
}

func appendItem(dst []byte, item *vectors.Item) []byte {
	dst = append(dst, `{"id":`...)
	dst = rawjson.AppendString(dst, item.ID)
	dst = append(dst, `,"vector":`...)
	dst = AppendArray(dst, item.Vector, func(dst []byte, x float32) []byte { return AppendNumber(dst, float64(x)) })
	dst = append(dst, `,"metadata":`...)
	return append(append(dst, item.Metadata.Raw()...), '}')
}

func appendHits(dst []byte, hits []vectors.Hit, notices []string) []byte {
	dst = append(dst, `{"hits":`...)
	dst = AppendArray(dst, hits, func(dst []byte, hit vectors.Hit) []byte {
		dst = append(dst, `{"id":`...)
		dst = rawjson.AppendString(dst, hit.ID)
		dst = append(dst, `,"distance":`...)
		dst = AppendNumber(dst, hit.Distance)
		dst = append(dst, `,"metadata":`...)
		return append(append(dst, hit.Metadata.Raw()...), '}')
	})
	return append(AppendNotices(dst, notices), '}')
}

// AppendNotices appends the last member of an answer, which is there only when
// there are notices.
func AppendNotices(dst []byte, notices []string) []byte {
	if len(notices) == 0 {
		return dst
	}
	notices = notices[:min(vectors.MaxNotices, len(notices))]
	return AppendArray(append(dst, `,"notices":`...), notices, rawjson.AppendString)
}

// AppendArray appends a list as an array, each element by element.
func AppendArray[T any](dst []byte, list []T, element func(dst []byte, e T) []byte) []byte {
	dst = append(dst, '[')
	for i, e := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = element(dst, e)
	}
	return append(dst, ']')
}

// AppendNumber appends a number so that it reads as the same double.
func AppendNumber(dst []byte, f float64) []byte { return strconv.AppendFloat(dst, f, 'g', -1, 64) }

// AppendStringOrNull appends a string, or null for nil.
func AppendStringOrNull(dst []byte, s *string) []byte {
	if s == nil {
		return append(dst, "null"...)
	}
	return rawjson.AppendString(dst, *s)
}

// AppendDropped appends the answer to a drop.
func AppendDropped(dst []byte, name string) []byte {
	return append(rawjson.AppendString(append(dst, `{"dropped":`...), name), '}')
}

// AppendDeleted appends the answer to a deletion.
func AppendDeleted(dst []byte, count int) []byte { return appendCount(dst, "deleted", count) }

func appendCount(dst []byte, name string, count int) []byte {
	dst = strconv.AppendInt(append(dst, `{"`+name+`":`...), int64(count), 10)
	return append(dst, '}')
}
