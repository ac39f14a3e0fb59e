"""Refusals of uploads and of damaged files."""

from shuzheng.base.kernel.errors import Conflict, Gone, Invalid, NotFound, ShuzhengError, TooLarge


class FileTooLarge(TooLarge):
    """More bytes than allowed; reading stopped at the limit."""

    code = "files.too_large"
    text = "文件超过 {limit_mb} MB，没有上传"
    hint = "请压缩后再上传，或分成几个文件；扫描件用 200 dpi 一般就够清楚"


class FileEmpty(Invalid):
    """No bytes at all."""

    code = "files.empty"
    text = "这个文件是空的，没有上传"
    hint = "请打开文件确认有内容，再重新选择"


class FileKindRefused(Invalid):
    """Neither PDF, JPEG nor PNG by content, whatever its name says."""

    code = "files.kind_refused"
    text = "只收 PDF、JPG、PNG 文件，这个文件的内容是{found}，没有上传"
    hint = "改文件名不会改变内容；请把材料导出为 PDF，或拍成照片再上传"


class NoSuchFile(NotFound):
    """No file has this id."""

    code = "files.no_such_file"
    text = "没有找到这个文件"
    hint = "请回到办件页面重新打开"


class FileDamaged(ShuzhengError):
    """The row is there, the bytes are gone or changed."""

    code = "files.damaged"
    status = 500
    text = "文件已损坏，暂时不能打开"
    hint = "办件没有受影响；请联系平台运维人员从备份恢复"


class StorageFull(ShuzhengError):
    """The disk took no more bytes; nothing was kept."""

    code = "files.storage_full"
    status = 507
    text = "平台存储空间不足，文件没有保存"
    hint = "您填写的内容没有丢失；请稍后再上传"


class FileTruncated(Invalid):
    """The end of the file is missing, or bytes in it were changed."""

    code = "files.truncated"
    text = "这个文件不完整，可能没有传完或没有存好，没有上传"
    hint = "请先打开看一眼，能看到全部内容再上传；照片可以重拍一张"


class PictureTooLarge(Invalid):
    """More pixels than anybody can open."""

    code = "files.picture_too_large"
    text = "图片有 {width}×{height} 像素，太大了，没有上传"
    hint = "请缩小后再上传，长边 4000 像素就够清楚"


class FileLocked(Invalid):
    """A PDF with a password or restrictions, which officers could not read."""

    code = "files.locked"
    text = "这个 PDF 加了密码或使用限制，没有上传"
    hint = "请打开它，用“打印”里的“另存为 PDF”存一份没有密码的，再上传"


class FileActive(Invalid):
    """A PDF that does something when it is opened."""

    code = "files.active"
    text = "这个 PDF 带有{what}，没有上传"
    hint = "请打开它，用“打印”里的“另存为 PDF”存一份，再上传"


class FileInfected(Invalid):
    """The scanner found something."""

    code = "files.infected"
    text = "这个文件带有病毒（{signature}），没有上传"
    hint = "请用杀毒软件检查您的设备，再换一个没有问题的文件"


class ScannerDown(ShuzhengError):
    """The scanner does not answer, and the city takes no file unscanned."""

    code = "files.scanner_down"
    status = 503
    text = "现在不能检查病毒，文件没有上传"
    hint = "您填写的内容没有丢失；请过几分钟再上传"


class FileNotScanned(Conflict):
    """Taken while the scanner was out of order; it opens once it was scanned."""

    code = "files.not_scanned"
    text = "这个文件正在检查病毒，还不能打开"
    hint = "一般几分钟就好，请稍后再打开"


class FileGone(Gone):
    """Purged; only its row is left."""

    code = "files.gone"
    text = "这个文件已过保存期，已按规定销毁"
    hint = "办件记录还在；需要这份材料的，请向申请人重新索取"


class PreviewUnavailable(NotFound):
    """No picture could be drawn of the file."""

    code = "files.preview_unavailable"
    text = "这个文件画不出预览"
    hint = "请下载后打开"
