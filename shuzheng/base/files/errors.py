"""Refusals of uploads and of damaged files."""

from shuzheng.base.kernel.errors import Invalid, NotFound, ShuzhengError, TooLarge


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
